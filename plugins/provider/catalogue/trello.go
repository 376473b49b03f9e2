package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func trelloRow() provider.Provider {
	return provider.Provider{
		Name:  "trello",
		Title: "Trello",
		Docs:  "https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha1", Kind: provider.HMAC, Hash: provider.SHA1,
			Family:   provider.Family{Signature: "header:x-trello-webhook"},
			Encoding: provider.Base64, Content: "{body}{url}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:action.type"},
			ID:      []string{"json:action.id"},
			Time:    []provider.TimeAt{{At: "json:action.date", Unit: provider.RFC3339}},
			Tenant:  []string{"json:model.id"},
			Subject: []string{"json:action.data.card.id", "json:action.data.board.id"},
		},
		Identity: provider.Identity{
			Scope: provider.ScopeTenant,
			Why:   "action.id is unique at Trello, in the signed body; each model with a webhook has a delivery of the action.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "HEAD", Unsigned: true}},
		Retry:        provider.Retry{Max: 3, Span: 216 * time.Second, Note: "After 30, 60 and 120 s; a webhook that fails for 30 days is disabled."},
		Ranges:       []provider.RangeList{{Name: "trello", Docs: "https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/"}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature covers the body and then the callback URL as registered: public_url must be the URL that was entered there.",
			"The key is the application's OAuth secret.",
			"A HEAD request checks the endpoint when the webhook is made; it is not signed.",
			"An answer of 410 deletes the webhook.",
		},
		Source: "Atlassian developer docs, Trello webhooks (HEAD); hookdeck trello skill (signature)",
		Unsure: []string{"retry"},
	}
}

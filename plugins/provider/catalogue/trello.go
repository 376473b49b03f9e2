package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func trelloRow() spec.Provider {
	return spec.Provider{
		Name:  "trello",
		Title: "Trello",
		Docs:  "https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "header:x-trello-webhook"},
			Encoding: spec.Base64, Content: "{body}{url}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:action.type"},
			ID:      []string{"json:action.id"},
			Time:    []spec.TimeAt{{At: "json:action.date", Unit: spec.RFC3339}},
			Tenant:  []string{"json:model.id"},
			Subject: []string{"json:action.data.card.id", "json:action.data.board.id"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "action.id is unique at Trello, in the signed body; each model with a webhook has a delivery of the action.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "HEAD", Unsigned: true}},
		Retry:        spec.Retry{Max: 3, Span: 216 * time.Second, Note: "After 30, 60 and 120 s; a webhook that fails for 30 days is disabled."},
		Cutoff:       spec.Cutoff{Span: 720 * time.Hour},
		Ranges:       []spec.RangeList{{Name: "trello", Docs: "https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/"}},
		Sends: []spec.Header{
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

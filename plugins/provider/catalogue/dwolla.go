package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func dwollaRow() provider.Provider {
	return provider.Provider{
		Name:  "dwolla",
		Title: "Dwolla",
		Docs:  "https://developers.dwolla.com/docs/balance/webhooks/process-validate",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-request-signature-sha-256"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:topic", "header:x-dwolla-topic"},
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.RFC3339}},
			Tenant:  []string{"json:_links.account.href"},
			Subject: []string{"json:resourceId"},
		},
		Identity: provider.Identity{
			Why: "id is a UUID of the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Max: 8, Span: 72 * time.Hour, Note: "A subscription that fails 400 times in a day is paused."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-dwolla-topic", Value: "{event}"},
		},
		Pitfalls: []string{
			"The header X-Dwolla-Topic is not signed: the topic of the body is used.",
		},
		Source: "Dwolla docs, Process and validate webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

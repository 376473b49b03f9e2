package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func tallyRow() provider.Provider {
	return provider.Provider{
		Name:  "tally",
		Title: "Tally",
		Docs:  "https://tally.so/help/webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:tally-signature"},
			Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:eventType"},
			ID:      []string{"json:eventId"},
			Time:    []provider.TimeAt{{At: "json:createdAt", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.formId"},
			Subject: []string{"json:data.responseId"},
		},
		Identity: provider.Identity{
			Why: "eventId is a UUID, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Max: 5, Span: 1896 * time.Minute, Note: "After 5 and 30 minutes, 1 and 6 hours and a day."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Tally documents the signature over the body as JSON.stringify writes it, which is the body as it was sent.",
		},
		Source: "Tally help, Webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func tallyRow() spec.Provider {
	return spec.Provider{
		Name:  "tally",
		Title: "Tally",
		Docs:  "https://tally.so/help/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:tally-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventType"},
			ID:      []string{"json:eventId"},
			Time:    []spec.TimeAt{{At: "json:createdAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.formId"},
			Subject: []string{"json:data.responseId"},
		},
		Identity: spec.Identity{
			Why: "eventId is a UUID, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 5, Span: 1896 * time.Minute, Note: "After 5 and 30 minutes, 1 and 6 hours and a day."},
		Sends: []spec.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func typeformRow() spec.Provider {
	return spec.Provider{
		Name:  "typeform",
		Title: "Typeform",
		Docs:  "https://www.typeform.com/developers/webhooks/secure-your-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:typeform-signature"},
			Mark:   "sha256=", Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			ID:      []string{"json:event_id"},
			Time:    []spec.TimeAt{{At: "json:form_response.submitted_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:form_response.form_id"},
			Subject: []string{"json:form_response.token"},
		},
		Identity: spec.Identity{
			Why: "event_id is a ULID, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Note: "Every 2 to 3 minutes for 10 h, then less often; 404 and 410 disable the webhook at once, and so does a day without a success."},
		Cutoff:       spec.Cutoff{Span: 24 * time.Hour},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Typeform Webhooks"},
		},
		Pitfalls: []string{
			"The prefix is sha256=, the encoding base64, not hexadecimal.",
		},
		Source: "hookdeck typeform skill; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func typeformRow() provider.Provider {
	return provider.Provider{
		Name:  "typeform",
		Title: "Typeform",
		Docs:  "https://www.typeform.com/developers/webhooks/secure-your-webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:typeform-signature"},
			Mark:   "sha256=", Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event_type"},
			ID:      []string{"json:event_id"},
			Time:    []provider.TimeAt{{At: "json:form_response.submitted_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:form_response.form_id"},
			Subject: []string{"json:form_response.token"},
		},
		Identity: provider.Identity{
			Why: "event_id is a ULID, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        provider.Retry{Note: "Every 2 to 3 minutes for 10 h, then less often; 404 and 410 disable the webhook at once, and so does a day without a success."},
		Sends: []provider.Header{
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

package catalogue

import "webhookedge/plugins/provider/spec"

func calComRow() spec.Provider {
	return spec.Provider{
		Name:  "cal-com",
		Title: "Cal.com",
		Docs:  "https://cal.com/docs/developing/guides/automation/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-cal-signature-256"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:triggerEvent"},
			Time:    []spec.TimeAt{{At: "json:createdAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:payload.organizer.username", "json:payload.organizer.email"},
			Subject: []string{"json:payload.uid"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds createdAt in milliseconds and the uid of the booking.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "No retry is documented."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"A custom payload template changes the shape of the body, and with it the places of type and time.",
			"Without a secret the header holds the text no-secret-provided: such deliveries are refused.",
		},
		Source: "trigger.dev source catalogue; NangoHQ/nango",
		Unsure: []string{"retry", "text of the header without a secret"},
	}
}

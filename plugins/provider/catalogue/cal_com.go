package catalogue

import "webhookedge/plugins/provider"

func calComRow() provider.Provider {
	return provider.Provider{
		Name:  "cal-com",
		Title: "Cal.com",
		Docs:  "https://cal.com/docs/developing/guides/automation/webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-cal-signature-256"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:triggerEvent"},
			Time:    []provider.TimeAt{{At: "json:createdAt", Unit: provider.RFC3339}},
			Tenant:  []string{"json:payload.organizer.username", "json:payload.organizer.email"},
			Subject: []string{"json:payload.uid"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds createdAt in milliseconds and the uid of the booking.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "No retry is documented."},
		Sends: []provider.Header{
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

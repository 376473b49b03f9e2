package catalogue

import "webhookedge/plugins/provider"

func modernTreasuryRow() provider.Provider {
	return provider.Provider{
		Name:  "modern-treasury",
		Title: "Modern Treasury",
		Docs:  "https://docs.moderntreasury.com/docs/verifying-webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:data.object", "header:x-topic"},
			Action:  []string{"json:event"},
			ID:      []string{"header:x-event-id"},
			Time:    []provider.TimeAt{{At: "json:data.updated_at", Unit: provider.RFC3339}},
			Tenant:  []string{"header:x-organization-id"},
			Subject: []string{"json:data.id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the event and the object with its updated_at; X-Event-ID is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-event-id", Value: "{id}"},
			{Name: "x-topic", Value: "{event}"},
		},
		Pitfalls: []string{
			"The topic stands in a header, which the signature does not cover.",
		},
		Source: "modern-treasury-node tests (recomputed); Modern Treasury docs, Verifying webhooks",
		Unsure: []string{"names of the headers other than X-Signature", "retry"},
	}
}

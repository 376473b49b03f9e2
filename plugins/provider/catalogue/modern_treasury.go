package catalogue

import "webhookedge/plugins/provider/spec"

func modernTreasuryRow() spec.Provider {
	return spec.Provider{
		Name:  "modern-treasury",
		Title: "Modern Treasury",
		Docs:  "https://docs.moderntreasury.com/docs/verifying-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:data.object", "header:x-topic"},
			Action:  []string{"json:event"},
			ID:      []string{"header:x-event-id"},
			Time:    []spec.TimeAt{{At: "json:data.updated_at", Unit: spec.RFC3339}},
			Tenant:  []string{"header:x-organization-id"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the event and the object with its updated_at; X-Event-ID is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
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

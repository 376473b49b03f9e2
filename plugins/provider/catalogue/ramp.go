package catalogue

import "webhookedge/plugins/provider"

func rampRow() provider.Provider {
	return provider.Provider{
		Name:  "ramp",
		Title: "Ramp",
		Docs:  "https://docs.ramp.com/developer-api/v1/webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-ramp-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}, {
			Name: "sha256-prefixed", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-ramp-signature"},
			Mark:   "sha256=", Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:business_id"},
			Subject: []string{"json:object.id"},
		},
		Identity: provider.Identity{
			Why: "id names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Ramp does not state how the signature is written: receivers in public repositories take bare lower-case hexadecimal; where sha256= stands in front, choose the scheme sha256-prefixed.",
		},
		Source: "trigger.dev source catalogue (header, hash); receivers in public repositories (encoding)",
		Unsure: []string{"encoding of the signature", "places of the event's facts", "retry"},
	}
}

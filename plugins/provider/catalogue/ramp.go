package catalogue

import "webhookedge/plugins/provider/spec"

func rampRow() spec.Provider {
	return spec.Provider{
		Name:  "ramp",
		Title: "Ramp",
		Docs:  "https://docs.ramp.com/developer-api/v1/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-ramp-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}, {
			Name: "sha256-prefixed", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-ramp-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:business_id"},
			Subject: []string{"json:object.id"},
		},
		Identity: spec.Identity{
			Why: "id names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
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

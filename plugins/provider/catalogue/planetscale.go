package catalogue

import "webhookedge/plugins/provider/spec"

func planetscaleRow() spec.Provider {
	return spec.Provider{
		Name:  "planetscale",
		Title: "PlanetScale",
		Docs:  "https://planetscale.com/docs/api/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-planetscale-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:organization"},
			Subject: []string{"json:resource.id"},
		},
		Identity: spec.Identity{
			Why: "There is no id: the signed body holds the second, the event and the resource with its own times.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Each database has webhooks and secrets of its own.",
			"An Authorization header that was set for a webhook is no part of the proof.",
		},
		Source: "PlanetScale docs, Webhooks (Validating a webhook signature) and Webhook events reference; @trigger.dev/core, v3/webhooks/index.js",
		Unsure: []string{"retry"},
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func dopplerRow() spec.Provider {
	return spec.Provider{
		Name:  "doppler",
		Title: "Doppler",
		Docs:  "https://docs.doppler.com/docs/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-doppler-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type", "text:secrets"},
			Split:   spec.SplitLastDot,
			Tenant:  []string{"json:workplace.id"},
			Subject: []string{"json:project.id"},
		},
		Identity: spec.Identity{
			None: true,
			Why:  "A body names the config whose secrets changed, with neither an id nor a time: the same change made twice has one body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Webhooks are generally delivered once, which is not guaranteed."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"A JSON payload of one's own replaces the whole body, and its deliveries are all of the type secrets.",
			"Signing is optional: a webhook without a secret is not signed, and is refused.",
		},
		Source: "Doppler docs, Webhooks; @hookflo/tern, platforms/algorithms.js",
		Unsure: []string{"retry"},
	}
}

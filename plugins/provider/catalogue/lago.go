package catalogue

import "webhookedge/plugins/provider/spec"

func lagoRow() spec.Provider {
	return spec.Provider{
		Name:  "lago",
		Title: "Lago",
		Docs:  "https://docs.getlago.com/guide/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-lago-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}, {
			Name: "jwt", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "header:x-lago-signature"},
			Binds:  []spec.Bind{{At: "claim:data", Content: "{body}"}},
			Key:    spec.KeyPEM,
			JWT:    spec.JWT{Algorithms: []spec.Algorithm{spec.RS256}},
		}},
		Facts: spec.Locators{
			Type:    []string{"json:webhook_type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:x-lago-unique-key"},
			Tenant:  []string{"json:organization_id"},
			Subject: []string{"json:invoice.lago_id", "json:customer.lago_id", "json:subscription.lago_id"},
		},
		Identity: spec.Identity{
			Why: "X-Lago-Unique-Key is the same at every try and not signed; not all bodies hold a time, so that it counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 3},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-lago-signature-algorithm", Value: "hmac"},
			{Name: "x-lago-unique-key", Value: "{id}"},
		},
		Pitfalls: []string{
			"Choose hmac as the endpoint's signature algorithm; jwt (scheme jwt) repeats the body in a header, which proxies cut at 8 KB.",
			"The key is the organisation's HMAC key, with jwt the public key of /webhooks/public_key.",
			"The signature does not cover X-Lago-Unique-Key.",
		},
		Source: "getlago/lago-api, webhook headers and its tests; receivers in public repositories",
		Unsure: []string{"retry"},
	}
}

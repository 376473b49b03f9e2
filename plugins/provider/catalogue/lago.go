package catalogue

import "webhookedge/plugins/provider"

func lagoRow() provider.Provider {
	return provider.Provider{
		Name:  "lago",
		Title: "Lago",
		Docs:  "https://docs.getlago.com/guide/webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-lago-signature"},
			Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeyText,
		}, {
			Name: "jwt", Kind: provider.JSONToken,
			Family: provider.Family{Signature: "header:x-lago-signature"},
			Binds:  []provider.Bind{{At: "claim:data", Content: "{body}"}},
			Key:    provider.KeyPEM,
			JWT:    provider.JWT{Algorithms: []provider.Algorithm{provider.RS256}},
		}},
		Facts: provider.Locators{
			Type:    []string{"json:webhook_type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"header:x-lago-unique-key"},
			Tenant:  []string{"json:organization_id"},
			Subject: []string{"json:invoice.lago_id", "json:customer.lago_id", "json:subscription.lago_id"},
		},
		Identity: provider.Identity{
			Why: "X-Lago-Unique-Key is the same at every try and not signed; not all bodies hold a time, so that it counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 3},
		Sends: []provider.Header{
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

package catalogue

import "webhookedge/plugins/provider"

func fusionauthRow() provider.Provider {
	return provider.Provider{
		Name:  "fusionauth",
		Title: "FusionAuth",
		Docs:  "https://fusionauth.io/docs/extend/events-and-webhooks/signing",
		Schemes: []provider.Scheme{{
			Name: "hs", Kind: provider.JSONToken,
			Family: provider.Family{Signature: "header:x-fusionauth-signature-jwt"},
			Binds:  []provider.Bind{{At: "claim:request_body_sha256", Content: "{body|sha256|base64}"}},
			Key:    provider.KeyText,
			JWT:    provider.JWT{Algorithms: []provider.Algorithm{provider.HS256, provider.HS384, provider.HS512}},
		}, {
			Name: "public", Kind: provider.JSONToken,
			Family: provider.Family{Signature: "header:x-fusionauth-signature-jwt"},
			Binds:  []provider.Bind{{At: "claim:request_body_sha256", Content: "{body|sha256|base64}"}},
			Key:    provider.KeyJWKS,
			JWT:    provider.JWT{Algorithms: []provider.Algorithm{provider.RS256, provider.RS384, provider.RS512, provider.ES256, provider.ES384, provider.ES512, provider.EdDSA}},
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event.type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:event.id"},
			Time:    []provider.TimeAt{{At: "json:event.createInstant", Unit: provider.Milliseconds}},
			Tenant:  []string{"json:event.tenantId"},
			Subject: []string{"json:event.user.id", "json:event.applicationId"},
		},
		Identity: provider.Identity{
			Why: "event.id is a UUID, in the body whose hash is signed.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "No retry by default."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Signing is off until the webhook has a key.",
			"With a key pair choose the scheme public and configure FusionAuth's JWKS (/.well-known/jwks.json).",
		},
		Source: "hookdeck/webhook-skills, fusionauth; FusionAuth docs, Signing webhooks",
		Unsure: []string{"retry"},
	}
}

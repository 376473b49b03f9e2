package catalogue

import "webhookedge/plugins/provider/spec"

func fusionauthRow() spec.Provider {
	return spec.Provider{
		Name:  "fusionauth",
		Title: "FusionAuth",
		Docs:  "https://fusionauth.io/docs/extend/events-and-webhooks/signing",
		Schemes: []spec.Scheme{{
			Name: "hs", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "header:x-fusionauth-signature-jwt"},
			Binds:  []spec.Bind{{At: "claim:request_body_sha256", Content: "{body|sha256|base64}"}},
			Key:    spec.KeyText,
			JWT:    spec.JWT{Algorithms: []spec.Algorithm{spec.HS256, spec.HS384, spec.HS512}},
		}, {
			Name: "public", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "header:x-fusionauth-signature-jwt"},
			Binds:  []spec.Bind{{At: "claim:request_body_sha256", Content: "{body|sha256|base64}"}},
			Key:    spec.KeyJWKS,
			JWT:    spec.JWT{Algorithms: []spec.Algorithm{spec.RS256, spec.RS384, spec.RS512, spec.ES256, spec.ES384, spec.ES512, spec.EdDSA}},
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:event.id"},
			Time:    []spec.TimeAt{{At: "json:event.createInstant", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:event.tenantId"},
			Subject: []string{"json:event.user.id", "json:event.applicationId"},
		},
		Identity: spec.Identity{
			Why: "event.id is a UUID, in the body whose hash is signed.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "No retry by default."},
		Sends: []spec.Header{
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

package catalogue

import "webhookedge/plugins/provider/spec"

func sharedSignalsRow() spec.Provider {
	return spec.Provider{
		Name:  "shared-signals",
		Title: "OpenID Shared Signals (CAEP, RISC, SCIM events)",
		Docs:  "https://openid.net/specs/openid-sharedsignals-framework-1_0.html",
		Schemes: []spec.Scheme{{
			Name: "set", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "body", ID: "claim:jti"},
			Key:    spec.KeyJWKS,
			JWT: spec.JWT{
				Algorithms: []spec.Algorithm{spec.RS256, spec.RS384, spec.RS512, spec.PS256, spec.ES256, spec.ES384, spec.EdDSA},
				Issuers:    []string{"{setting:issuer}"}, Audience: "{setting:audience}",
				// Shared Signals Framework 1.0, sections 4.1.2, 4.1.3 and 4.1.7: an access or ID
				// token of the same issuer is no event.
				Type: "secevent+jwt", Without: []string{"exp", "sub"},
			},
			Remote: &spec.Remote{URL: "{setting:jwks_uri}", Hosts: []string{"{setting:jwks_uri}"}, Form: spec.KeyJWKS},
		}},
		Settings: []spec.Setting{{
			Name: "issuer", Doc: "The transmitter: issuer of its configuration at /.well-known/ssf-configuration.",
			Pins: true, Example: "https://sso.octo-corp.example",
		}, {
			Name: "audience", Doc: "What tells us from other receivers: aud of the stream's configuration.",
			Pins: true, Example: "https://hooks.octo-corp.example/shared-signals",
		}, {
			Name: "jwks_uri", Doc: "The https URL of the transmitter's keys: jwks_uri of its configuration. Keys in verify.secrets, a JWK or a set of them, are used instead, and nothing is fetched.",
			Example: "https://sso.octo-corp.example/jwks",
		}},
		Facts: spec.Locators{
			Type:    []string{"name:events", "text:security-event"},
			ID:      []string{"json:jti"},
			Time:    []spec.TimeAt{{At: "json:toe", Unit: spec.Seconds}, {At: "json:iat", Unit: spec.Seconds}},
			Tenant:  []string{"json:iss"},
			Subject: []string{"json:sub_id.sub", "json:sub_id.id", "json:sub_id.uri", "json:sub_id.user.sub", "json:sub_id.user.id"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "jti is unique at an issuer (RFC 8417, section 2.2), and a token is sent again as it was.",
		},
		ContentTypes: []string{"application/secevent+jwt"},
		Success:      spec.Answer{Status: 202},
		Status:       map[string]int{"signature_invalid": 400, "payload_invalid": 400, "policy_denied": 400},
		SETErrors:    true,
		Retry:        spec.Retry{Note: "Up to the transmitter (RFC 8935, section 2.1): a token that was not answered with 202 may be sent again."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/secevent+jwt"},
		},
		Pitfalls: []string{
			"The body is the token; the event holds its claims. Its type is the URI in events, and security-event where there are several.",
			"A token of any age is right, since events are history and have no exp: what was stored before is told by its jti.",
			"A transmitter that writes no typ, or an exp, is none of Shared Signals 1.0, and refused: describe it under custom:.",
			"The Authorization header of the stream's delivery, if there is one, is not looked at: the token's own signature proves the issuer.",
		},
		Source: "RFC 8417, sections 2.2 and 2.3; RFC 8935, sections 2.1 to 2.4; OpenID Shared Signals Framework 1.0, section 4.1",
		Unsure: []string{"retry"},
	}
}

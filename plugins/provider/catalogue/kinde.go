package catalogue

import "webhookedge/plugins/provider/spec"

func kindeRow() spec.Provider {
	return spec.Provider{
		Name:  "kinde",
		Title: "Kinde",
		Docs:  "https://docs.kinde.com/integrate/webhooks/add-manage-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "body", ID: "claim:event_id"},
			Key:    spec.KeyJWKS,
			// Access and ID tokens of the same keys have none of these.
			JWT:    spec.JWT{Algorithms: []spec.Algorithm{spec.RS256}, Needs: []string{"event_id", "type", "source"}},
			Remote: &spec.Remote{URL: "{setting:domain}/.well-known/jwks.json", Hosts: []string{"{setting:domain}"}, Form: spec.KeyJWKS},
		}},
		Settings: []spec.Setting{{
			Name: "domain", Doc: "The https address of the business at Kinde, without a slash behind it, whose keys sign.",
			Example: "https://octo-corp.kinde.com",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:event_id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.DateTime}},
			Subject: []string{"json:data.user.id", "json:data.organization.code"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute,
			Why:   "event_id stands in every event of Kinde's own types.",
		},
		ContentTypes: []string{"application/jwt"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/jwt"},
		},
		Pitfalls: []string{
			"The body is a JWT, and the event holds its claims.",
			"The keys are those of the business's tokens, too: what has no event_id, type and source is refused.",
			"With a domain of your own, set that which the tokens' keys are published at.",
		},
		Source: "@kinde/webhooks (npm) 1.0.0, dist/webhooks.js (keys at /.well-known/jwks.json of the domain, claims) and types.d.ts (event_id, source, timestamp, type)",
		Unsure: []string{"retry", "time-out", "content type"},
	}
}

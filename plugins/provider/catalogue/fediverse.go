package catalogue

import "webhookedge/plugins/provider/spec"

func fediverseRow() spec.Provider {
	return spec.Provider{
		Name:  "fediverse",
		Title: "Fediverse inbox (Mastodon, ActivityPub)",
		Docs:  "https://docs.joinmastodon.org/spec/security/",
		Schemes: []spec.Scheme{{
			Name: "rfc9421", Kind: spec.HTTPSignature,
			Family: spec.Family{Signature: "header:signature", Timestamp: "pair:created"},
			Message: spec.Message{
				Algorithms: []spec.MessageAlgorithm{spec.MessagePKCS1},
				Components: []string{"@method", "@target-uri", "content-digest"}, Parameters: []string{"keyid"},
			},
			TimeUnit: spec.Seconds, ToleranceSeconds: 3600,
			Key: spec.KeyPEM,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:published", Unit: spec.RFC3339}},
			Tenant:  []string{"json:actor"},
			Subject: []string{"json:object.id", "json:object"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "The id of an activity is a URL of its server's, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/activity+json", "application/ld+json", "application/json"},
		Retry:        spec.Retry{Time: "A server signs each try when it makes it (mastodon/mastodon, app/workers/activitypub/delivery_worker.rb)."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/activity+json"},
		},
		Pitfalls: []string{
			"The secrets are the publicKeyPem of the actors that may send; nothing is fetched from the server that keyid names, which anybody can run.",
			"A signature proves the owner of the key, and the body says who acts: a policy must hold actor against the secret that matched.",
			"Deliveries that are signed by the older draft alone (a Signature header without Signature-Input) are refused.",
			"The URL of the inbox is signed: set public_url to it.",
		},
		Source: "mastodon/mastodon pull request 34814 (components, created, algorithm); mastodon/documentation, spec/security.md (keys)",
		Unsure: []string{"tolerance", "retry", "time-out", "which servers sign so yet"},
	}
}

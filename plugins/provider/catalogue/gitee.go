package catalogue

import "webhookedge/plugins/provider/spec"

func giteeRow() spec.Provider {
	return spec.Provider{
		Name:  "gitee",
		Title: "Gitee",
		Docs:  "https://gitee.com/help/articles/4290",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-gitee-token", Timestamp: "header:x-gitee-timestamp"},
			Encoding: spec.Base64, Content: "{timestamp}\n{key}",
			BodyUnsigned: true,
			TimeUnit:     spec.Milliseconds, ToleranceSeconds: 3600,
			Key: spec.KeyText, KeyMin: 8,
		}, {
			Name: "password", Kind: spec.Token, Weak: true,
			Family: spec.Family{Signature: "header:x-gitee-token"},
			Key:    spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:hook_name", "header:x-gitee-event"},
			Action:  []string{"json:action"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:repository.owner.login", "json:repository.namespace"},
			Subject: []string{"json:repository.full_name"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and what changed; there is no id, and the signature covers no body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "Gitee's docs refuse what is older than an hour; no retries are documented."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "git-oschina-hook"},
			{Name: "x-gitee-event", Value: "Push Hook"},
		},
		Pitfalls: []string{
			"The signature covers the time and no body: whoever has seen a delivery can send another body under it for an hour.",
			"The header holds either the password or the signature: choose the signature in Gitee, or the scheme password here.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "drone/go-scm (headers); receivers in public repositories, which agree on the signed text",
		Unsure: []string{"retry"},
	}
}

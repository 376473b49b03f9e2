package catalogue

import "webhookedge/plugins/provider"

func giteeRow() provider.Provider {
	return provider.Provider{
		Name:  "gitee",
		Title: "Gitee",
		Docs:  "https://gitee.com/help/articles/4290",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-gitee-token", Timestamp: "header:x-gitee-timestamp"},
			Encoding: provider.Base64, Content: "{timestamp}\n{key}",
			BodyUnsigned: true,
			TimeUnit:     provider.Milliseconds, ToleranceSeconds: 3600,
			Key: provider.KeyText, KeyMin: 8,
		}, {
			Name: "password", Kind: provider.Token, Weak: true,
			Family: provider.Family{Signature: "header:x-gitee-token"},
			Key:    provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:hook_name", "header:x-gitee-event"},
			Action:  []string{"json:action"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.Milliseconds}},
			Tenant:  []string{"json:repository.owner.login", "json:repository.namespace"},
			Subject: []string{"json:repository.full_name"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and what changed; there is no id, and the signature covers no body.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []provider.Header{
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

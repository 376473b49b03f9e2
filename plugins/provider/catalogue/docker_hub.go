package catalogue

import "webhookedge/plugins/provider"

func dockerHubRow() provider.Provider {
	return provider.Provider{
		Name:  "docker-hub",
		Title: "Docker Hub",
		Docs:  "https://docs.docker.com/docker-hub/repos/manage/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "query", Kind: provider.Token,
			Family: provider.Family{Signature: "query:secret"},
			Key:    provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"text:push"},
			Time:    []provider.TimeAt{{At: "json:push_data.pushed_at", Unit: provider.Seconds}},
			Tenant:  []string{"json:repository.namespace"},
			Subject: []string{"json:repository.repo_name"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the time of the push with the tag, and an address of its own for calling back.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Docker Hub does not sign: the secret is the query parameter secret of the webhook's URL; keep it out of access logs.",
			"Never call callback_url without checking its host.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "go-playground/webhooks, docker payload; Docker docs, Webhooks",
		Unsure: []string{"retry"},
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func dockerHubRow() spec.Provider {
	return spec.Provider{
		Name:  "docker-hub",
		Title: "Docker Hub",
		Docs:  "https://docs.docker.com/docker-hub/repos/manage/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "query", Kind: spec.Token,
			Family: spec.Family{Signature: "query:secret"},
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"text:push"},
			Time:    []spec.TimeAt{{At: "json:push_data.pushed_at", Unit: spec.Seconds}},
			Tenant:  []string{"json:repository.namespace"},
			Subject: []string{"json:repository.repo_name"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time of the push with the tag, and an address of its own for calling back.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
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

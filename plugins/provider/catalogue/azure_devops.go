package catalogue

import "webhookedge/plugins/provider/spec"

func azureDevopsRow() spec.Provider {
	return spec.Provider{
		Name:  "azure-devops",
		Title: "Azure DevOps service hooks",
		Docs:  "https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks",
		Schemes: []spec.Scheme{{
			Name: "basic", Kind: spec.Basic,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyUser, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventType"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:createdDate", Unit: spec.RFC3339}},
			Tenant:  []string{"json:resourceContainers.account.id", "json:resourceContainers.collection.id"},
			Subject: []string{"json:resource.repository.name", "json:resource.pullRequest.repository.name", "json:resource.id"},
		},
		Identity: spec.Identity{
			Why: "id is a UUID of the event, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Transient failures are tried again, then the subscription goes on probation."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 503 counts as passing and is sent again; a 4xx counts against the subscription.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: basic authentication over HTTPS is all there is.",
			"The secret is user:password as entered in the service hook.",
		},
		Source: "go-playground/webhooks, azuredevops; real payloads",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func pipedriveRow() spec.Provider {
	return spec.Provider{
		Name:  "pipedrive",
		Title: "Pipedrive",
		Docs:  "https://pipedrive.readme.io/docs/guide-for-webhooks-v2",
		Schemes: []spec.Scheme{{
			Name: "basic", Kind: spec.Basic,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyUser, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:meta.entity", "json:meta.object"},
			Action:  []string{"json:meta.action"},
			ID:      []string{"json:meta.correlation_id + json:meta.id"},
			Time:    []spec.TimeAt{{At: "json:meta.timestamp", Unit: spec.RFC3339}, {At: "json:meta.timestamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:meta.company_id"},
			Subject: []string{"json:meta.entity_id", "json:meta.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"meta.attempt"},
			Why:      "correlation_id with id is unique; attempt counts the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 3, Span: 190 * time.Second, Note: "After 3, 30 and 150 s; an endpoint that fails is left out for 30 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: basic authentication over HTTPS is all there is.",
			"The secret is user:password as given with the webhook (http_auth_user, http_auth_password).",
			"The id is made of the body: a try again, whose attempt counts up, is another event.",
		},
		Source: "Pipedrive docs, Guide for webhooks v2; trigger.dev source catalogue; real payloads of version 1",
		Unsure: []string{"retry"},
	}
}

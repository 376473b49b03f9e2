package catalogue

import "webhookedge/plugins/provider"

func bitbucketServerRow() provider.Provider {
	return provider.Provider{
		Name:  "bitbucket-server",
		Title: "Bitbucket Data Center",
		Docs:  "https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-hub-signature"},
			Mark:   "sha256=", Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:eventKey", "header:x-event-key"},
			Split:   provider.SplitLastColon,
			ID:      []string{"header:x-request-id"},
			Time:    []provider.TimeAt{{At: "json:date", Unit: provider.DateTime}},
			Tenant:  []string{"json:repository.project.key", "json:pullRequest.toRef.repository.project.key"},
			Subject: []string{"json:repository.slug", "json:pullRequest.toRef.repository.slug"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the time of the event with the actor and what changed; X-Request-Id is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "POST", When: "header:x-event-key", Is: "diagnostics:ping", Without: "header:x-hub-signature", Unsigned: true}},
		Retry:        provider.Retry{Note: "No retry: a circuit breaker pauses an endpoint that fails."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-event-key", Value: "{event}"},
			{Name: "x-request-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"The test connection sends diagnostics:ping, which gets 200 even where it is not signed; nothing is published of it then.",
			"The signature covers neither the event name nor the request id: both come from headers.",
		},
		Source: "Atlassian, Manage webhooks (Data Center) as quoted by client libraries; go-playground/webhooks payloads",
		Unsure: []string{"whether diagnostics:ping is signed"},
	}
}

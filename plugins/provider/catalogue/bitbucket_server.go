package catalogue

import "webhookedge/plugins/provider/spec"

func bitbucketServerRow() spec.Provider {
	return spec.Provider{
		Name:  "bitbucket-server",
		Title: "Bitbucket Data Center",
		Docs:  "https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-hub-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventKey", "header:x-event-key"},
			Split:   spec.SplitLastColon,
			ID:      []string{"header:x-request-id"},
			Time:    []spec.TimeAt{{At: "json:date", Unit: spec.DateTime}},
			Tenant:  []string{"json:repository.project.key", "json:pullRequest.toRef.repository.project.key"},
			Subject: []string{"json:repository.slug", "json:pullRequest.toRef.repository.slug"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time of the event with the actor and what changed; X-Request-Id is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "header:x-event-key", Is: "diagnostics:ping", Without: "header:x-hub-signature", Unsigned: true}},
		Retry:        spec.Retry{Note: "No retry: a circuit breaker pauses an endpoint that fails."},
		Sends: []spec.Header{
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

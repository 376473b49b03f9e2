package provider

import "time"

func flutterwaveRow() Provider {
	return Provider{
		Name:  "flutterwave",
		Title: "Flutterwave",
		Docs:  "https://developer.flutterwave.com/docs/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "flutterwave-signature"},
			Layout: Single, Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:type", "json:event"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:timestamp", Milliseconds}, {"json:data.created_at", RFC3339}},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      60 * time.Second,
		Retry:        Retry{Max: 3, Span: 90 * time.Minute, Note: "Three more tries, 30 minutes apart, where they are switched on."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Version 4 signs (flutterwave-signature); version 3 only repeats the secret hash (verif-hash), which must be chosen in the settings.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Receivers of both versions in public repositories, which agree on header, hash and encoding",
		Unsure: []string{"places of the event's facts in version 4", "retry", "time-out"},
	}
}

func giteaRow() Provider {
	return Provider{
		Name:  "gitea",
		Title: "Gitea and Forgejo",
		Docs:  "https://docs.gitea.com/usage/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-gitea-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}, {
			Name: "forgejo", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-forgejo-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-gitea-event-type", "header:x-gitea-event", "header:x-forgejo-event"},
			Action:  []string{"json:action"},
			ID:      []string{"header:x-gitea-delivery", "header:x-forgejo-delivery"},
			Tenant:  []string{"json:repository.owner.login", "json:repository.owner.username", "json:organization.username"},
			Subject: []string{"json:repository.full_name"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Note: "No retry by itself; deliveries can be sent again by hand."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-gitea-delivery", "{id}"},
			{"x-gitea-event", "{event}"},
			{"x-gitea-event-type", "{event}"},
			{"x-github-delivery", "{id}"},
			{"x-github-event", "{event}"},
			{"x-gogs-delivery", "{id}"},
			{"x-gogs-event", "{event}"},
		},
		Pitfalls: []string{
			"Headers of GitHub and Gogs are sent as well: do not tell the sender by its headers.",
			"Form deliveries sign the JSON of the field payload, not the form: choose application/json.",
			"The signature covers neither the event name nor the delivery id: both come from headers.",
		},
		Source: "go-gitea/gitea, services/webhook/deliver.go; go-playground/webhooks",
		Unsure: []string{"time-out", "names of Forgejo's headers"},
	}
}

func gitlabRow() Provider {
	return Provider{
		Name:  "gitlab",
		Title: "GitLab",
		Docs:  "https://docs.gitlab.com/user/project/integrations/webhooks/",
		Schemes: []Scheme{{
			Name: "signing-token", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 32, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:object_kind", "json:event_name"},
			Action:  []string{"json:object_attributes.action"},
			ID:      []string{"header:webhook-id", "header:idempotency-key", "header:x-gitlab-event-uuid"},
			Time:    []TimeAt{{"json:object_attributes.updated_at", RFC3339}, {"json:updated_at", RFC3339}, {"json:created_at", RFC3339}},
			Tenant:  []string{"json:project.namespace", "json:group.full_path", "json:group_path", "header:x-gitlab-instance"},
			Subject: []string{"json:project.path_with_namespace", "json:path_with_namespace", "json:project_name", "json:group_path", "json:username"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "No retry by itself. A webhook is paused after 4 failures in a row, longer each time, and for good after 40; deliveries can be sent again by hand."},
		Ranges:       []RangeList{{Name: "gitlab", Docs: "https://docs.gitlab.com/user/gitlab_com/"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"idempotency-key", "{id}"},
			{"user-agent", "GitLab/18.0"},
			{"x-gitlab-event", "Push Hook"},
			{"x-gitlab-instance", "https://gitlab.octo-corp.example"},
		},
		Pitfalls: []string{
			"The signing token (whsec_) signs the body; the older secret token is only repeated in X-Gitlab-Token and must be chosen in the settings.",
			"X-Gitlab-Event is a label such as Merge Request Hook: the event is object_kind, or event_name for system hooks.",
			"X-Gitlab-Event-UUID is shared by webhooks that one event sets off.",
		},
		Source: "GitLab docs, Webhooks; merge requests 230944 and 231325 (signing token); real payloads",
		Unsure: []string{"failure counts", "time-out"},
	}
}

func gocardlessRow() Provider {
	return Provider{
		Name:  "gocardless",
		Title: "GoCardless",
		Docs:  "https://developer.gocardless.com/getting-started/api/staying-up-to-date-with-webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "webhook-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{},
		Batch: &Batch{At: "events", Facts: Locators{
			Type:    []string{"json:resource_type"},
			Action:  []string{"json:action"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:links.organisation"},
			Subject: []string{"json:links.payment", "json:links.mandate", "json:links.subscription", "json:links.payout", "json:links.refund"},
		}},
		ContentTypes: []string{"application/json"},
		Status:       map[string]int{"signature_invalid": 498},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 8, Note: "Up to eight tries with growing pauses."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "gocardless-webhook-service/1.1"},
		},
		Pitfalls: []string{
			"A delivery holds up to 250 events.",
			"498 is the answer GoCardless asks for where the signature is wrong.",
		},
		Source: "gocardless-pro-python, webhooks.py and its tests (recomputed)",
		Unsure: []string{"retry", "time-out"},
	}
}

func gogsRow() Provider {
	return Provider{
		Name:  "gogs",
		Title: "Gogs",
		Docs:  "https://gogs.io/docs/features/webhook",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-gogs-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-gogs-event"},
			Action:  []string{"json:action"},
			ID:      []string{"header:x-gogs-delivery"},
			Tenant:  []string{"json:repository.owner.username", "json:repository.owner.login"},
			Subject: []string{"json:repository.full_name"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "No retry."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-gogs-delivery", "{id}"},
			{"x-gogs-event", "{event}"},
		},
		Pitfalls: []string{
			"Form deliveries sign the JSON of the field payload, not the form: choose application/json.",
			"The signature covers neither the event name nor the delivery id: both come from headers.",
		},
		Source: "go-playground/webhooks and drone/go-scm (header, payloads)",
	}
}

func helpscoutRow() Provider {
	return Provider{
		Name:  "helpscout",
		Title: "Help Scout",
		Docs:  "https://developer.helpscout.com/webhooks/",
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family: Family{Header: "x-helpscout-signature"},
			Layout: Single, Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-helpscout-event"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:userUpdatedAt", RFC3339}, {"json:createdAt", RFC3339}},
			Subject: []string{"json:id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 10, Note: "Ten tries with growing pauses, then the webhook is disabled."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-helpscout-event", "{event}"},
		},
		Pitfalls: []string{
			"HMAC with SHA-1 is all that is offered.",
			"The event name stands in a header, which the signature does not cover.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Help Scout developer docs, Webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func herokuRow() Provider {
	return Provider{
		Name:  "heroku",
		Title: "Heroku",
		Docs:  "https://devcenter.heroku.com/articles/app-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "heroku-webhook-hmac-sha256"},
			Layout: Single, Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:webhook_metadata.event.include", "json:resource"},
			Action:  []string{"json:action"},
			ID:      []string{"json:webhook_metadata.delivery.id", "json:id"},
			Time:    []TimeAt{{"json:published_at", RFC3339}},
			Tenant:  []string{"json:data.app.name"},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Tried again where the subscription's notify level is sync."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The secret is shown once, in the header Heroku-Webhook-Secret of the create call's answer, unless you set one.",
		},
		Source: "Heroku Dev Center, App webhooks",
		Unsure: []string{"retry", "time-out"},
	}
}

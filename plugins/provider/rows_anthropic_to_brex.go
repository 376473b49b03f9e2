package provider

import "time"

func anthropicRow() Provider {
	return Provider{
		Name:  "anthropic",
		Title: "Anthropic",
		Docs:  "https://platform.claude.com/docs/en/managed-agents/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:data.type", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
		},
		Source: "anthropic-sdk-python, resources/beta/webhooks.py and its tests",
		Unsure: []string{"places of the event's facts", "retry", "timeout"},
	}
}

func attioRow() Provider {
	return Provider{
		Name:  "attio",
		Title: "Attio",
		Docs:  "https://docs.attio.com/rest-api/guides/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "attio-signature"},
			Alternates: []Family{{Header: "x-attio-signature"}},
			Layout:     Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			ID: []string{"header:idempotency-key"},
		},
		Batch: &Batch{At: "events", Facts: Locators{
			Type:    []string{"json:event_type"},
			Split:   SplitLastDot,
			Tenant:  []string{"json:id.workspace_id"},
			Subject: []string{"json:id.record_id", "json:id.list_id"},
		}},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 10, Span: 72 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"X-Attio-Signature is an alias of the header: a request with both is refused.",
		},
		Source: "trigger.dev source catalogue; NangoHQ/nango (alias header)",
		Unsure: []string{"retry", "whether Idempotency-Key is sent"},
	}
}

func beehiivRow() Provider {
	return Provider{
		Name:  "beehiiv",
		Title: "beehiiv",
		Docs:  "https://developers.beehiiv.com/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []Family{{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []TimeAt{{"json:event_timestamp", Seconds}},
			Tenant:  []string{"json:data.publication_id"},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Max: 7, Span: 1656 * time.Minute, Note: "Svix's schedule unless the sender sets another: at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; an endpoint that fails for 5 days is disabled."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
		},
		Source: "Svix, list of ingest sources (SvixConfig)",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

func bigcommerceRow() Provider {
	return Provider{
		Name:  "bigcommerce",
		Title: "BigCommerce",
		Docs:  "https://docs.bigcommerce.com/docs/integrations/webhooks/https-webhook-overview",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:scope"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created_at", Seconds}},
			Tenant:  []string{"json:producer"},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 11, Span: 48 * time.Hour, Note: "Tries after 1, 3, 5, 10, 15 and 30 minutes and 1, 2, 6, 14 and 24 hours; then the webhook is deactivated."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key is the app's client secret as it is shown: a Standard Webhooks library wants it in base64 first.",
			"A domain is blocked for 3 minutes when less than 90 % of its deliveries succeed.",
			"hash is equal for equal payloads: it is no id.",
		},
		Source: "BigCommerce docs repository, https-webhook-overview",
	}
}

func bitbucketRow() Provider {
	return Provider{
		Name:  "bitbucket",
		Title: "Bitbucket Cloud",
		Docs:  "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-hub-signature"},
			Layout: Single, Mark: "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-event-key"},
			Split:   SplitLastColon,
			ID:      []string{"header:x-request-uuid"},
			Tenant:  []string{"json:repository.workspace.slug", "json:repository.owner.username", "json:repository.owner.nickname", "json:repository.owner.display_name"},
			Subject: []string{"json:repository.full_name"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 2, Note: "Two more tries after a 5xx or a time-out; X-Attempt-Number counts them."},
		Ranges:       []RangeList{atlassian("bitbucket")},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Bitbucket-Webhooks/2.0"},
			{"x-attempt-number", "1"},
			{"x-event-key", "{event}"},
			{"x-hook-uuid", "{id}"},
			{"x-request-uuid", "{id}"},
		},
		Pitfalls: []string{
			"X-Hub-Signature carries SHA-256 here, not SHA-1 as elsewhere.",
			"A webhook without a secret is not signed, so its deliveries are refused.",
			"X-Hook-UUID names the webhook: it is no secret.",
			"The signature covers neither the event name nor the request id: both come from headers.",
		},
		Source: "Atlassian support, Manage webhooks (test value recomputed); real deliveries",
		Unsure: []string{"retry", "time-out"},
	}
}

func bitbucketServerRow() Provider {
	return Provider{
		Name:  "bitbucket-server",
		Title: "Bitbucket Data Center",
		Docs:  "https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-hub-signature"},
			Layout: Single, Mark: "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-event-key", "json:eventKey"},
			Split:   SplitLastColon,
			ID:      []string{"header:x-request-id"},
			Tenant:  []string{"json:repository.project.key", "json:pullRequest.toRef.repository.project.key"},
			Subject: []string{"json:repository.slug", "json:pullRequest.toRef.repository.slug"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "No retry: a circuit breaker pauses an endpoint that fails."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-event-key", "{event}"},
			{"x-request-id", "{id}"},
		},
		Pitfalls: []string{
			"The test connection sends diagnostics:ping, possibly unsigned: it is then refused, and deliveries work all the same.",
			"The signature covers neither the event name nor the request id: both come from headers.",
		},
		Source: "Atlassian, Manage webhooks (Data Center) as quoted by client libraries; go-playground/webhooks payloads",
		Unsure: []string{"whether diagnostics:ping is signed"},
	}
}

func brexRow() Provider {
	return Provider{
		Name:  "brex",
		Title: "Brex",
		Docs:  "https://developer.brex.com/docs/webhooks/",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Tenant:  []string{"json:company_id"},
			Subject: []string{"json:transfer_id", "json:expense_id", "json:user_id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Max: 7, Span: 1656 * time.Minute, Note: "Svix's schedule unless the sender sets another: at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; an endpoint that fails for 5 days is disabled."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
		},
		Source: "Svix, list of ingest sources (SvixConfig); Brex developer docs",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	}
}

package provider

import "time"

func renderRow() Provider {
	return Provider{
		Name:  "render",
		Title: "Render",
		Docs:  "https://render.com/docs/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}, {"json:created_at", RFC3339}},
			Tenant:  []string{"json:data.serviceId"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "The message id of Svix, which sends for it: signed, unique, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Max: 7, Span: 1656 * time.Minute, Note: "Svix's schedule unless the sender sets another: at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; an endpoint that fails for 5 days is disabled."},
		Ranges:       []RangeList{svixRanges()},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
		},
		Source: "trigger.dev source catalogue; Svix, list of ingest sources",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	}
}

func replicateRow() Provider {
	return Provider{
		Name:  "replicate",
		Title: "Replicate",
		Docs:  "https://replicate.com/docs/topics/webhooks/verify-webhook",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"text:prediction"},
			Action:  []string{"json:status"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:completed_at", RFC3339}, {"json:started_at", RFC3339}, {"json:created_at", RFC3339}},
			Tenant:  []string{"json:model"},
			Subject: []string{"json:id"},
		},
		Identity: Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "The final state is tried again with growing pauses; those on the way are not."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"A body is a prediction and names no event: its status stands in.",
		},
		Source: "replicate-javascript, index.test.ts (recomputed)",
		Unsure: []string{"retry"},
	}
}

func resendRow() Provider {
	return Provider{
		Name:  "resend",
		Title: "Resend",
		Docs:  "https://resend.com/docs/dashboard/webhooks/introduction",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []Family{{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}, {"json:timestamp", RFC3339}},
			Subject: []string{"json:data.email_id", "json:data.id"},
		},
		Identity: Identity{
			Why: "The message id of Svix, which sends for it: signed, unique, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Max: 7, Span: 1656 * time.Minute, Note: "Svix's schedule unless the sender sets another: at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; an endpoint that fails for 5 days is disabled."},
		Ranges:       []RangeList{svixRanges()},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
		},
		Source: "hookdeck/webhook-skills, resend; django-anymail, resend view",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	}
}

func retellRow() Provider {
	return Provider{
		Name:  "retell",
		Title: "Retell AI",
		Docs:  "https://docs.retellai.com/features/secure-webhook",
		Schemes: []Scheme{{
			Name: "d", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-retell-signature", Timestamp: "pair:v"},
			Layout: Pairs, Mark: "d", Encoding: Hex, Content: "{body}{timestamp}",
			TimeUnit: Milliseconds, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Time:    []TimeAt{{"json:call.end_timestamp", Milliseconds}, {"json:call.start_timestamp", Milliseconds}},
			Tenant:  []string{"json:call.agent_id"},
			Subject: []string{"json:call.call_id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "A call starts, ends and is analysed once, and the body names it with its times.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 3},
		Ranges:       []RangeList{{Name: "retell", Docs: "https://docs.retellai.com/features/secure-webhook"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"In the header v is the time and d the signature.",
			"The key is the API key that carries the webhook badge.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func revenuecatRow() Provider {
	return Provider{
		Name:  "revenuecat",
		Title: "RevenueCat",
		Docs:  "https://www.revenuecat.com/docs/integrations/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-revenuecat-webhook-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText,
		}, {
			Name: "token", Kind: Token, Weak: true,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:event.type"},
			ID:      []string{"json:event.id"},
			Time:    []TimeAt{{"json:event.event_timestamp_ms", Milliseconds}},
			Tenant:  []string{"json:event.app_id"},
			Subject: []string{"json:event.app_user_id"},
		},
		Identity: Identity{
			Why: "event.id is unique at RevenueCat and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      60 * time.Second,
		Retry:        Retry{Max: 5, Span: 156 * time.Minute, Note: "After 5, 10, 20, 40 and 80 minutes."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Signing is an option of the webhook; without it the configured Authorization header is all there is (scheme token, which must be chosen).",
		},
		Source: "trigger.dev source catalogue; RevenueCat docs, Webhooks",
		Unsure: []string{"retry", "time-out"},
	}
}

func sanityRow() Provider {
	return Provider{
		Name:  "sanity",
		Title: "Sanity",
		Docs:  "https://www.sanity.io/docs/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:sanity-webhook-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Separator: ", ", Encoding: Base64URLRaw, Content: "{timestamp}.{body}",
			TimeUnit: Milliseconds, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"header:sanity-operation"},
			ID:      []string{"header:idempotency-key"},
			Time:    []TimeAt{{"header:sanity-transaction-time", RFC3339}},
			Tenant:  []string{"header:sanity-project-id"},
			Subject: []string{"header:sanity-document-id", "json:_id"},
		},
		Identity: Identity{
			Why: "Idempotency-Key is the same at every try and not signed; the body is what a projection makes, which can be one for two changes.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        Retry{Span: 30 * time.Minute, Note: "After 429 and a 5xx."},
		On429:        "Tried again with growing pauses.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"idempotency-key", "{id}"},
			{"sanity-dataset", "production"},
			{"sanity-document-id", "glove-17"},
			{"sanity-operation", "{event}"},
			{"sanity-project-id", "octoproj"},
			{"sanity-transaction-time", "{time}"},
			{"user-agent", "Sanity.io webhook delivery"},
		},
		Pitfalls: []string{
			"The time is in milliseconds.",
			"The body is what the webhook's projection makes; the facts stand in headers, which nothing signs.",
		},
		Source: "sanity-io/webhook-toolkit, signature.ts and its tests (recomputed)",
		Unsure: []string{"names of the headers other than the signature's", "retry"},
	}
}

func segmentRow() Provider {
	return Provider{
		Name:  "segment",
		Title: "Twilio Segment",
		Docs:  "https://segment.com/docs/connections/destinations/catalog/webhooks/",
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family:   Family{Signature: "header:x-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:event"},
			ID:      []string{"json:messageId"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}, {"json:originalTimestamp", RFC3339}},
			Tenant:  []string{"json:projectId"},
			Subject: []string{"json:userId", "json:anonymousId"},
		},
		Batch: &Batch{Facts: Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:event"},
			ID:      []string{"json:messageId"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}, {"json:originalTimestamp", RFC3339}},
			Tenant:  []string{"json:projectId"},
			Subject: []string{"json:userId", "json:anonymousId"},
		}},
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "messageId is made by the sending library, and unique in its source.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Span: 4 * time.Hour, Note: "After a 5xx or a time-out."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"HMAC with SHA-1 is all that is offered.",
			"With batching switched on only the first event of the list is signed: such deliveries are refused, so leave batching off.",
		},
		Source: "segment-docs repository, webhooks",
	}
}

package provider

import "time"

func renderRow() Provider {
	return Provider{
		Name:  "render",
		Title: "Render",
		Docs:  "https://render.com/docs/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:data.serviceId"},
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
		Source: "trigger.dev source catalogue; Svix, list of ingest sources",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	}
}

func resendRow() Provider {
	return Provider{
		Name:  "resend",
		Title: "Resend",
		Docs:  "https://resend.com/docs/dashboard/webhooks/introduction",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []Family{{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Subject: []string{"json:data.email_id", "json:data.id"},
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
			Family: Family{Header: "x-retell-signature", Timestamp: "pair:v"},
			Layout: Pairs, Mark: "d", Encoding: Hex, Content: "{body}{timestamp}",
			TimeUnit: Milliseconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Time:    []TimeAt{{"json:call.end_timestamp", Milliseconds}, {"json:call.start_timestamp", Milliseconds}},
			Tenant:  []string{"json:call.agent_id"},
			Subject: []string{"json:call.call_id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 3, Note: "Three tries."},
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
			Family: Family{Header: "x-revenuecat-webhook-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:event.type"},
			ID:      []string{"json:event.id"},
			Time:    []TimeAt{{"json:event.event_timestamp_ms", Milliseconds}},
			Tenant:  []string{"json:event.app_id"},
			Subject: []string{"json:event.app_user_id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      60 * time.Second,
		Retry:        Retry{Max: 5, Span: 156 * time.Minute, Note: "Five more tries, after 5, 10, 20, 40 and 80 minutes."},
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

func segmentRow() Provider {
	return Provider{
		Name:  "segment",
		Title: "Twilio Segment",
		Docs:  "https://segment.com/docs/connections/destinations/catalog/webhooks/",
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family: Family{Header: "x-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
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
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Span: 4 * time.Hour, Note: "A 5xx and a time-out are tried again for up to 4 h."},
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

func sentryRow() Provider {
	return Provider{
		Name:  "sentry",
		Title: "Sentry integration platform",
		Docs:  "https://docs.sentry.io/integrations/integration-platform/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "sentry-hook-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"header:sentry-hook-resource"},
			Action:  []string{"json:action"},
			ID:      []string{"header:request-id"},
			Time:    []TimeAt{{"header:sentry-hook-timestamp", Seconds}},
			Tenant:  []string{"json:installation.uuid"},
			Subject: []string{"json:data.issue.id", "json:data.event.issue_id", "json:data.error.issue_id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      1 * time.Second,
		Retry:        Retry{Note: "No retry; a thousand time-outs within 24 h end the subscription."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"request-id", "{id}"},
			{"sentry-hook-resource", "{event}"},
			{"sentry-hook-timestamp", "1749722400"},
		},
		Pitfalls: []string{
			"Answer within 1 s: switch off what makes the chain slow.",
			"Sentry-Hook-Timestamp, Sentry-Hook-Resource and Request-ID are not signed.",
		},
		Source: "Sentry docs, Integration platform webhooks; Sentry changelog of 2023-10-03 (time-out)",
		Unsure: []string{"retry"},
	}
}

func snykRow() Provider {
	return Provider{
		Name:  "snyk",
		Title: "Snyk",
		Docs:  "https://docs.snyk.io/snyk-api/using-specific-snyk-apis/webhooks-apis/about-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-hub-signature"},
			Layout: Single, Mark: "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-snyk-event"},
			Split:   SplitFirstSlash,
			ID:      []string{"header:x-snyk-transport-id"},
			Time:    []TimeAt{{"header:x-snyk-timestamp", RFC3339}},
			Tenant:  []string{"json:org.id"},
			Subject: []string{"json:project.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Note: "Failed deliveries are tried again."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-snyk-event", "{event}"},
			{"x-snyk-timestamp", "{time}"},
			{"x-snyk-transport-id", "{id}"},
		},
		Pitfalls: []string{
			"X-Hub-Signature carries SHA-256 here.",
			"The event name stands in a header (project_snapshot/v0), which the signature does not cover.",
		},
		Source: "trigger.dev source catalogue; Snyk docs, About webhooks",
		Unsure: []string{"names of the headers other than the signature's", "retry"},
	}
}

func stytchRow() Provider {
	return Provider{
		Name:  "stytch",
		Title: "Stytch",
		Docs:  "https://stytch.com/docs/guides/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []Family{{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:object_type"},
			Action:  []string{"json:action"},
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:project_id"},
			Subject: []string{"json:id"},
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
		Source: "Svix, list of ingest sources (SvixConfig); Stytch docs, Webhooks",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

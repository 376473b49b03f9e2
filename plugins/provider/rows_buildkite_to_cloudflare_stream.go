package provider

import "time"

func buildkiteRow() Provider {
	return Provider{
		Name:  "buildkite",
		Title: "Buildkite",
		Docs:  "https://buildkite.com/docs/apis/webhooks/pipelines",
		Schemes: []Scheme{{
			Name: "signature", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-buildkite-signature", Timestamp: "pair:timestamp"},
			Layout: Pairs, Mark: "signature", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"header:x-buildkite-event", "json:event"},
			Split:   SplitLastDot,
			ID:      []string{"header:x-buildkite-request"},
			Time:    []TimeAt{{"json:build.finished_at", RFC3339}, {"json:build.started_at", RFC3339}, {"json:build.created_at", RFC3339}},
			Tenant:  []string{"json:pipeline.provider.settings.repository", "json:pipeline.slug"},
			Subject: []string{"json:build.id"},
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Buildkite-Request"},
			{"x-buildkite-event", "{event}"},
			{"x-buildkite-request", "{id}"},
		},
		Pitfalls: []string{
			"A service sends either the token or the signature: choose the signature.",
			"The event name stands in a header, which the signature does not cover; the body repeats it.",
		},
		Source: "Buildkite docs repository, apis/webhooks",
		Unsure: []string{"X-Buildkite-Request as the id", "retry"},
	}
}

func calComRow() Provider {
	return Provider{
		Name:  "cal-com",
		Title: "Cal.com",
		Docs:  "https://cal.com/docs/developing/guides/automation/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-cal-signature-256"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:triggerEvent"},
			Time:    []TimeAt{{"json:createdAt", RFC3339}},
			Tenant:  []string{"json:payload.organizer.username", "json:payload.organizer.email"},
			Subject: []string{"json:payload.uid"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "No retry is documented."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"A custom payload template changes the shape of the body, and with it the places of type and time.",
			"Without a secret the header holds the text no-secret-provided: such deliveries are refused.",
		},
		Source: "trigger.dev source catalogue; NangoHQ/nango",
		Unsure: []string{"retry", "text of the header without a secret"},
	}
}

func calendlyRow() Provider {
	return Provider{
		Name:  "calendly",
		Title: "Calendly",
		Docs:  "https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "calendly-webhook-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 180 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:created_by"},
			Subject: []string{"json:payload.uri"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 24 * time.Hour, Note: "Backs off for 24 h, then the subscription is disabled."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signing key is optional when a subscription is made: without one deliveries are not signed, and are refused.",
			"The docs' example tolerates 3 minutes.",
		},
		Source: "Calendly developer docs, Webhook signatures; NangoHQ/nango",
		Unsure: []string{"retry"},
	}
}

func checkoutComRow() Provider {
	return Provider{
		Name:  "checkout-com",
		Title: "Checkout.com",
		Docs:  "https://www.checkout.com/docs/developer-resources/event-notifications/receive-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "cko-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_on", RFC3339}},
			Tenant:  []string{"json:data.processing_channel_id", "json:source_type"},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "Several tries with growing pauses."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"A real delivery once held malformed JSON: such a body is refused as malformed, and its raw bytes can be kept.",
			"The header authorization holds the authorisation key as well; it proves less than the signature and is not looked at.",
		},
		Source: "Checkout.com docs, Set up your webhook receiver (header, hash, encoding)",
		Unsure: []string{"retry", "time-out"},
	}
}

func circleciRow() Provider {
	return Provider{
		Name:  "circleci",
		Title: "CircleCI",
		Docs:  "https://circleci.com/docs/guides/integration/outbound-webhooks/",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "circleci-signature"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:circleci-event-type", "json:type"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:happened_at", RFC3339}},
			Tenant:  []string{"json:organization.id", "json:organization.name"},
			Subject: []string{"json:project.slug"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "A status that is no 2xx and a time-out are tried again later."},
		Sends: []Header{
			{"accept", "*/*"},
			{"circleci-event-type", "{event}"},
			{"content-type", "application/json"},
			{"user-agent", "CircleCI-Webhook/1.0"},
		},
		Pitfalls: []string{
			"The header is a list of versions, of which v1 is the only one so far; others are not looked at.",
		},
		Source: "circleci-docs repository, outbound-webhooks (four values recomputed)",
	}
}

func clerkRow() Provider {
	return Provider{
		Name:  "clerk",
		Title: "Clerk",
		Docs:  "https://clerk.com/docs/guides/development/webhooks/overview",
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
			Time:    []TimeAt{{"json:timestamp", Milliseconds}},
			Tenant:  []string{"json:instance_id"},
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
		Source: "clerk/javascript, packages/backend/src/webhooks.ts",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	}
}

func clickupRow() Provider {
	return Provider{
		Name:  "clickup",
		Title: "ClickUp",
		Docs:  "https://developer.clickup.com/docs/webhooksignature",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:history_items.0.id"},
			Time:    []TimeAt{{"json:history_items.0.date", Milliseconds}},
			Tenant:  []string{"json:webhook_id"},
			Subject: []string{"json:task_id", "json:list_id", "json:folder_id", "json:space_id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      7 * time.Second,
		Retry:        Retry{Max: 5, Note: "Five tries; a webhook is suspended after 100 failed events."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The secret is webhook.secret of the create call's answer.",
		},
		Source: "ClickUp developer docs, Webhook signature",
		Unsure: []string{"retry"},
	}
}

func cloudflareStreamRow() Provider {
	return Provider{
		Name:  "cloudflare-stream",
		Title: "Cloudflare Stream",
		Docs:  "https://developers.cloudflare.com/stream/manage-video-library/using-webhooks/",
		Schemes: []Scheme{{
			Name: "sig1", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "webhook-signature", Timestamp: "pair:time"},
			Layout: Pairs, Mark: "sig1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:status.state"},
			Time:    []TimeAt{{"json:modified", RFC3339}},
			Subject: []string{"json:uid"},
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The state of the video (ready, error) stands in for an event name.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Cloudflare docs, Stream: Use webhooks",
		Unsure: []string{"retry", "time-out", "tolerance: 5 minutes are customary"},
	}
}

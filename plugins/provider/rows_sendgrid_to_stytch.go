package provider

import "time"

func sendgridRow() Provider {
	return Provider{
		Name:  "sendgrid",
		Title: "Twilio SendGrid",
		Docs:  "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
		Schemes: []Scheme{{
			Name: "ecdsa", Kind: ECDSA, Hash: SHA256,
			Family:   Family{Signature: "header:x-twilio-email-event-webhook-signature", Timestamp: "header:x-twilio-email-event-webhook-timestamp"},
			Encoding: Base64, Content: "{timestamp}{body}",
			TimeUnit: Seconds, ToleranceSeconds: 600,
			Key: KeySPKI,
		}},
		Facts: Locators{},
		Batch: &Batch{Facts: Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:sg_event_id"},
			Time:    []TimeAt{{"json:timestamp", Seconds}},
			Subject: []string{"json:sg_message_id"},
		}},
		Identity: Identity{
			Why: "sg_event_id is unique at SendGrid, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 24 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "SendGrid Event API"},
		},
		Pitfalls: []string{
			"A body is a list of events and ends in CR LF, which the signature covers.",
			"The key is the verification key of the settings: base64 without PEM lines.",
			"Inbound Parse posts multipart forms without a signature: they are refused.",
		},
		Source: "sendgrid-python tests (recomputed with openssl)",
		Unsure: []string{"retry", "tolerance: none is stated"},
	}
}

func sentryRow() Provider {
	return Provider{
		Name:  "sentry",
		Title: "Sentry integration platform",
		Docs:  "https://docs.sentry.io/integrations/integration-platform/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:sentry-hook-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"header:sentry-hook-resource"},
			Action:  []string{"json:action"},
			ID:      []string{"header:request-id"},
			Time:    []TimeAt{{"header:sentry-hook-timestamp", Seconds}},
			Tenant:  []string{"json:installation.uuid"},
			Subject: []string{"json:data.issue.id", "json:data.event.issue_id", "json:data.error.issue_id"},
		},
		Types: sentryTypes(),
		Identity: Identity{
			Why: "Request-ID names the request and is not signed; an issue that is resolved twice can have one body twice, so that the id counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      1 * time.Second,
		Retry:        Retry{Note: "No retry; a thousand time-outs within 24 h end the subscription."},
		Ranges:       []RangeList{{Name: "sentry", Docs: "https://docs.sentry.io/security-legal-pii/security/ip-ranges/"}},
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

func sinchRow() Provider {
	return Provider{
		Name:  "sinch",
		Title: "Sinch Conversation",
		Docs:  "https://developers.sinch.com/docs/conversation/callbacks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-sinch-webhook-signature", Timestamp: "header:x-sinch-webhook-signature-timestamp"},
			Encoding: Base64, Content: "{body}.{header:x-sinch-webhook-signature-nonce}.{timestamp}",
			Expect:   []Expect{{"header:x-sinch-webhook-signature-algorithm", "HmacSHA256"}},
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"member:message", "member:message_delivery_report", "member:event", "member:event_delivery_report"},
			Action:  []string{"json:message_delivery_report.status", "json:event_delivery_report.status"},
			ID:      []string{"json:message.id", "json:event.id"},
			Time:    []TimeAt{{"json:event_time", RFC3339}},
			Tenant:  []string{"json:project_id"},
			Subject: []string{"json:app_id"},
		},
		Identity: Identity{
			Why: "The id of a message or event is in the signed body; a delivery report has none and holds its time.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Failed deliveries are tried again."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-sinch-webhook-signature-algorithm", "HmacSHA256"},
			{"x-sinch-webhook-signature-nonce", "{id}"},
		},
		Pitfalls: []string{
			"The nonce is new at every try: it is signed, and no delivery id.",
			"A body names its event by the key that it has.",
		},
		Source: "Sinch developer docs, Callbacks: Validating callbacks; sinch-sdk-python; receivers in public repositories",
		Unsure: []string{"places of the event's facts", "retry", "tolerance: 5 minutes are customary"},
	}
}

func snykRow() Provider {
	return Provider{
		Name:  "snyk",
		Title: "Snyk",
		Docs:  "https://docs.snyk.io/snyk-api/using-specific-snyk-apis/webhooks-apis/about-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-hub-signature"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
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
		Types: snykTypes(),
		Identity: Identity{
			Content: true,
			Why:     "The body holds the project with the time of its last test; X-Snyk-Transport-ID is not signed.",
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

func squareRow() Provider {
	return Provider{
		Name:  "square",
		Title: "Square",
		Docs:  "https://developer.squareup.com/docs/webhooks/step3validate",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-square-hmacsha256-signature"},
			Encoding: Base64, Content: "{url}{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:event_id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:merchant_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "event_id is a UUID, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "With growing pauses; square-retry-number counts."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"square-environment", "Production"},
			{"user-agent", "Square Connect v2"},
		},
		Pitfalls: []string{
			"The signature covers the URL as registered: public_url must be the URL that was entered there.",
			"The key looks like base64url and is used as it is shown.",
		},
		Source: "square-nodejs-sdk, tests/integration/webhooks.test.ts (recomputed)",
		Unsure: []string{"time-out", "retry"},
	}
}

func stravaRow() Provider {
	return Provider{
		Name:  "strava",
		Title: "Strava",
		Docs:  "https://developers.strava.com/docs/webhooks/",
		Schemes: []Scheme{{
			Name: "query", Kind: Token,
			Family: Family{Signature: "query:secret"},
			Key:    KeyText,
		}},
		Settings: []Setting{{
			Name: "verify_token", Doc: "The token that was entered beside the callback URL; the check of the endpoint repeats it.",
			Secret: true, Example: "octo-corp-verify-token",
		}},
		Facts: Locators{
			Type:    []string{"json:object_type"},
			Action:  []string{"json:aspect_type"},
			Time:    []TimeAt{{"json:event_time", Seconds}},
			Tenant:  []string{"json:owner_id"},
			Subject: []string{"json:object_id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time of the event, the object and what changed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "GET", When: "query:hub.mode", Is: "subscribe", Token: "query:hub.verify_token", TokenSetting: "verify_token", Challenge: "query:hub.challenge", Answer: Answer{ContentType: "application/json", Body: `{"hub.challenge":{challenge|json}}`}, Unsigned: true}},
		Timeout:      2 * time.Second,
		Retry:        Retry{Max: 3},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Strava does not sign: the secret is the query parameter secret of the callback URL; keep it out of access logs.",
			"The answer to the validation is JSON, not plain text.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Strava developer docs, Webhook events API; hookdeck strava skill",
		Unsure: []string{"retry"},
	}
}

func stytchRow() Provider {
	return Provider{
		Name:  "stytch",
		Title: "Stytch",
		Docs:  "https://stytch.com/docs/guides/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []Family{{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:object_type", "json:type"},
			Action:  []string{"json:action"},
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}, {"json:created_at", RFC3339}},
			Tenant:  []string{"json:project_id"},
			Subject: []string{"json:id"},
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
		Source: "Svix, list of ingest sources (SvixConfig); Stytch docs, Webhooks",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

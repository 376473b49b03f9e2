package provider

import "time"

func bitbucketServerRow() Provider {
	return Provider{
		Name:  "bitbucket-server",
		Title: "Bitbucket Data Center",
		Docs:  "https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-hub-signature"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:eventKey", "header:x-event-key"},
			Split:   SplitLastColon,
			ID:      []string{"header:x-request-id"},
			Time:    []TimeAt{{"json:date", DateTime}},
			Tenant:  []string{"json:repository.project.key", "json:pullRequest.toRef.repository.project.key"},
			Subject: []string{"json:repository.slug", "json:pullRequest.toRef.repository.slug"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time of the event with the actor and what changed; X-Request-Id is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "header:x-event-key", Is: "diagnostics:ping", Without: "header:x-hub-signature", Unsigned: true}},
		Retry:        Retry{Note: "No retry: a circuit breaker pauses an endpoint that fails."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-event-key", "{event}"},
			{"x-request-id", "{id}"},
		},
		Pitfalls: []string{
			"The test connection sends diagnostics:ping, which gets 200 even where it is not signed; nothing is published of it then.",
			"The signature covers neither the event name nor the request id: both come from headers.",
		},
		Source: "Atlassian, Manage webhooks (Data Center) as quoted by client libraries; go-playground/webhooks payloads",
		Unsure: []string{"whether diagnostics:ping is signed"},
	}
}

func boxRow() Provider {
	return Provider{
		Name:  "box",
		Title: "Box",
		Docs:  "https://developer.box.com/guides/webhooks/v2/signatures-v2",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:box-signature-primary", Also: []string{"header:box-signature-secondary"}, Timestamp: "header:box-delivery-timestamp"},
			Encoding: Base64, Content: "{body}{timestamp}",
			Expect:   []Expect{{"header:box-signature-version", "1"}, {"header:box-signature-algorithm", "HmacSHA256"}},
			TimeUnit: RFC3339, ToleranceSeconds: 600,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:trigger"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:created_by.id"},
			Subject: []string{"json:source.id"},
		},
		Identity: Identity{
			Why: "id is that of the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        Retry{Max: 12, Span: 2 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"box-delivery-id", "{id}"},
			{"box-signature-algorithm", "HmacSHA256"},
			{"box-signature-version", "1"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"BOX-DELIVERY-ID is new at every retry: the id of the body is the one to remember.",
			"Two keys sign at once, one header each; either proves the sender.",
			`Box writes non-ASCII as \\uXXXX and / as \\/: a body that was written anew fails.`,
		},
		Source: "Box developer docs, Signatures V2; box-node-sdk webhooks tests (recomputed)",
	}
}

func braintreeRow() Provider {
	return Provider{
		Name:  "braintree",
		Title: "Braintree",
		Docs:  "https://developer.paypal.com/braintree/docs/guides/webhooks/overview",
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family: Family{Signature: "form:bt_signature"},
			Layout: Pairs, Mark: "{setting:public_key}", Separator: "&", Assign: "|", Encoding: Hex, Content: "{form:bt_payload|free}",
			BodyUnsigned: true,
			Key:          KeyText, KeyDerive: "sha1",
		}},
		Settings: []Setting{{
			Name: "public_key", Doc: "The public key of the Braintree account; it tells which of the signatures is ours.",
			Example: "octopublickey17",
		}},
		Facts: Locators{
			Type:    []string{"json:bt_payload.notification.kind", "text:notification"},
			Time:    []TimeAt{{"json:bt_payload.notification.timestamp.#text", RFC3339}, {"json:bt_payload.notification.timestamp", RFC3339}},
			Tenant:  []string{"json:bt_payload.notification.source-merchant-id"},
			FormXML: "bt_payload",
		},
		Identity: Identity{
			Content: true,
			Why:     "The signed notification holds its kind, its time and the resource, and is sent again as it was.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Handshakes:   []Handshake{{Method: "GET", When: "query:bt_challenge", Challenge: "query:bt_challenge", Response: Response{Kind: HMAC, Hash: SHA1, Encoding: Hex, Content: "{challenge}", HexChallenge: true}, Answer: Answer{ContentType: "text/plain", Body: "{setting:public_key}|{response}"}, Unsigned: true}},
		Timeout:      30 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "Hourly, for 3 hours in the sandbox and 24 in production."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/x-www-form-urlencoded"},
		},
		Pitfalls: []string{
			"The secret is the private key; the key of the HMAC is its SHA-1.",
			"bt_payload is XML in base64, which becomes JSON in the event; its kind names the event.",
			"Fields other than bt_payload are not signed.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "braintree_python, webhook_notification_gateway and its tests; braintree_node spec (challenge recomputed)",
		Unsure: []string{"retry", "time-out"},
	}
}

func brexRow() Provider {
	return Provider{
		Name:  "brex",
		Title: "Brex",
		Docs:  "https://developer.brex.com/docs/webhooks/",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type", "json:type"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}, {"json:created_at", RFC3339}},
			Tenant:  []string{"json:company_id"},
			Subject: []string{"json:transfer_id", "json:expense_id", "json:user_id"},
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
		Source: "Svix, list of ingest sources (SvixConfig); Brex developer docs",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	}
}

func buildkiteRow() Provider {
	return Provider{
		Name:  "buildkite",
		Title: "Buildkite",
		Docs:  "https://buildkite.com/docs/apis/webhooks/pipelines",
		Schemes: []Scheme{{
			Name: "signature", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-buildkite-signature", Timestamp: "pair:timestamp"},
			Layout: Pairs, Mark: "signature", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText,
		}, {
			Name: "token", Kind: Token, Weak: true,
			Family: Family{Signature: "header:x-buildkite-token"},
			Key:    KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event", "header:x-buildkite-event"},
			Split:   SplitLastDot,
			ID:      []string{"header:x-buildkite-request"},
			Time:    []TimeAt{{"json:build.finished_at", DateTime}, {"json:build.started_at", DateTime}, {"json:build.created_at", DateTime}},
			Tenant:  []string{"json:pipeline.provider.settings.repository", "json:pipeline.slug"},
			Subject: []string{"json:build.id"},
		},
		Identity: Identity{
			Why: "X-Buildkite-Request is a UUID of the request and not signed; a build that blocks twice can have one body twice, so that the id counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Ranges: []RangeList{{
			Name: "buildkite", URL: "https://api.buildkite.com/v2/meta", Format: RangeJSON, Paths: []string{"webhook_ips"},
			Docs: "https://buildkite.com/docs/apis/rest-api/meta",
		}},
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
			Family:   Family{Signature: "header:x-cal-signature-256"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:triggerEvent"},
			Time:    []TimeAt{{"json:createdAt", RFC3339}},
			Tenant:  []string{"json:payload.organizer.username", "json:payload.organizer.email"},
			Subject: []string{"json:payload.uid"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds createdAt in milliseconds and the uid of the booking.",
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
			Family: Family{Signature: "header:calendly-webhook-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 180,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:created_by"},
			Subject: []string{"json:payload.uri"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds created_at in microseconds and the URI of what it is about.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 24 * time.Hour, Note: "Then the subscription is disabled."},
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

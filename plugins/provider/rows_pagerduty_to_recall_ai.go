package provider

import "time"

func pagerdutyRow() Provider {
	return Provider{
		Name:  "pagerduty",
		Title: "PagerDuty",
		Docs:  "https://developer.pagerduty.com/docs/webhooks/webhook-signatures/",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-pagerduty-signature"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:event.event_type"},
			Split:   SplitLastDot,
			ID:      []string{"json:event.id"},
			Time:    []TimeAt{{"json:event.occurred_at", RFC3339}},
			Tenant:  []string{"json:event.data.service.id"},
			Subject: []string{"json:event.data.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Span: 48 * time.Hour, Note: "A 5xx, 429 or time-out is tried again for up to 48 h, and later events wait behind it; any other 4xx drops the event at once, and three drops in a row disable the subscription for 24 h."},
		On429:        "Tried again, later events wait behind it.",
		Ranges:       []RangeList{pagerdutyRegion("us"), pagerdutyRegion("eu")},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "PagerDuty-Webhook/V3.0"},
			{"x-webhook-id", "octo-subscription"},
		},
		Pitfalls: []string{
			"The secret looks like base64 and is used as it is shown.",
			"X-Webhook-Id names the subscription, not the delivery.",
		},
		Source: "PagerDuty developer docs, Webhook signatures and Behavior; go-pagerduty webhookv3 tests (recomputed)",
	}
}

func paystackRow() Provider {
	return Provider{
		Name:  "paystack",
		Title: "Paystack",
		Docs:  "https://paystack.com/docs/payments/webhooks/",
		Schemes: []Scheme{{
			Name: "sha512", Kind: HMAC, Hash: SHA512,
			Family: Family{Header: "x-paystack-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:data.paid_at", RFC3339}, {"json:data.created_at", RFC3339}},
			Tenant:  []string{"json:data.domain"},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 76, Span: 72 * time.Hour, Note: "Live: every 3 minutes for four tries, then hourly for 72 h; test mode: hourly for 10 h."},
		Ranges:       []RangeList{{Name: "paystack", Docs: "https://paystack.com/docs/payments/webhooks/"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the secret API key of the mode (sk_live_ or sk_test_).",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Paystack docs, Webhooks, as quoted by client libraries (header, hash, key)",
		Unsure: []string{"retry"},
	}
}

func polarRow() Provider {
	return Provider{
		Name:  "polar",
		Title: "Polar",
		Docs:  "https://polar.sh/docs/integrate/webhooks/endpoints",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:data.organization_id"},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 10},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key is the secret as it is shown, unlike with other senders of this format.",
		},
		Source: "polar-js, src/webhooks.ts",
		Unsure: []string{"retry", "time-out"},
	}
}

func pusherRow() Provider {
	return Provider{
		Name:  "pusher",
		Title: "Pusher Channels",
		Docs:  "https://pusher.com/docs/channels/server_api/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-pusher-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Time:   []TimeAt{{"json:time_ms", Milliseconds}},
			Tenant: []string{"header:x-pusher-key"},
		},
		Batch: &Batch{At: "events", Facts: Locators{
			Type:    []string{"json:name"},
			Subject: []string{"json:channel"},
		}},
		ContentTypes: []string{"application/json"},
		Timeout:      4 * time.Second,
		Retry:        Retry{Span: 299 * time.Second, Note: "Backs off for 5 minutes."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-pusher-key", "octokey1"},
		},
		Pitfalls: []string{
			"X-Pusher-Key names the key that signed; give the secrets of all keys that are in use.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "pusher-http-node tests (recomputed); Bird docs, Channels webhooks (time-out, retry)",
	}
}

func quickbooksRow() Provider {
	return Provider{
		Name:  "quickbooks",
		Title: "Intuit QuickBooks Online",
		Docs:  "https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "intuit-signature"},
			Layout: Single, Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:eventNotifications.0.dataChangeEvent.entities.0.name", "json:0.type"},
			Action:  []string{"json:eventNotifications.0.dataChangeEvent.entities.0.operation"},
			ID:      []string{"json:0.id"},
			Time:    []TimeAt{{"json:eventNotifications.0.dataChangeEvent.entities.0.lastUpdated", RFC3339}, {"json:0.time", RFC3339}},
			Tenant:  []string{"json:eventNotifications.0.realmId", "json:0.intuitaccountid"},
			Subject: []string{"json:eventNotifications.0.dataChangeEvent.entities.0.id", "json:0.intuitentityid"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      3 * time.Second,
		Retry:        Retry{Note: "After 20, 30 and 50 minutes, then the endpoint is blocked."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the app's verifier token.",
			"Deliveries move to a list of CloudEvents in 2026; the older form has no id.",
			"A delivery may hold several companies and entities.",
		},
		Source: "Intuit developer docs, Webhooks, as implemented by client libraries (header, hash, key)",
		Unsure: []string{"retry", "field names of the CloudEvents form"},
	}
}

func rampRow() Provider {
	return Provider{
		Name:  "ramp",
		Title: "Ramp",
		Docs:  "https://docs.ramp.com/developer-api/v1/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-ramp-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:business_id"},
			Subject: []string{"json:object.id"},
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signature is bare lower-case hexadecimal: receivers in public repositories disagree on nothing else, but Ramp does not state it.",
		},
		Source: "trigger.dev source catalogue (header, hash); receivers in public repositories (encoding)",
		Unsure: []string{"encoding of the signature", "places of the event's facts", "retry"},
	}
}

func razorpayRow() Provider {
	return Provider{
		Name:  "razorpay",
		Title: "Razorpay",
		Docs:  "https://razorpay.com/docs/webhooks/validate-test/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-razorpay-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 6,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Split:   SplitLastDot,
			ID:      []string{"header:x-razorpay-event-id"},
			Time:    []TimeAt{{"json:created_at", Seconds}},
			Tenant:  []string{"json:account_id"},
			Subject: []string{"json:payload.payment.entity.id", "json:payload.order.entity.id", "json:payload.subscription.entity.id", "json:payload.refund.entity.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "Backs off for 24 h, then the webhook is disabled."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Razorpay-Webhook/v1"},
			{"x-razorpay-event-id", "{id}"},
		},
		Pitfalls: []string{
			"After a change of the secret, retries of older events are still signed with the old one: keep both for a day.",
			"The signature does not cover x-razorpay-event-id.",
		},
		Source: "razorpay-node, test/utils (recomputed); Razorpay docs, Webhooks FAQ (old secret)",
		Unsure: []string{"retry", "time-out"},
	}
}

func recallAiRow() Provider {
	return Provider{
		Name:  "recall-ai",
		Title: "Recall.ai",
		Docs:  "https://docs.recall.ai/docs/authenticating-requests-from-recallai",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:data.data.updated_at", RFC3339}},
			Subject: []string{"json:data.bot.id", "json:data.recording.id"},
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
		Source: "trigger.dev source catalogue; Recall.ai docs, Authenticating requests",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

package provider

import "time"

func postalRow() Provider {
	return Provider{
		Name:  "postal",
		Title: "Postal",
		Docs:  "https://docs.postalserver.io/developer/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: RSA, Hash: SHA256,
			Family:   Family{Signature: "header:x-postal-signature-256"},
			Encoding: Base64, Content: "{body}",
			Key: KeySPKI,
		}, {
			Name: "sha1", Kind: RSA, Hash: SHA1, Weak: true,
			Family:   Family{Signature: "header:x-postal-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeySPKI,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:uuid"},
			Time:    []TimeAt{{"json:timestamp", Fraction}},
			Tenant:  []string{"json:payload.server.uuid"},
			Subject: []string{"json:payload.message.message_id", "json:payload.message.id"},
		},
		Identity: Identity{
			Why: "uuid names the webhook request, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Failed deliveries are tried again."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the DKIM public key of the installation: what stands behind p= in its DNS record.",
			"Versions before 3.2 sign with SHA-1 alone (scheme sha1, which must be chosen).",
		},
		Source: "postalserver/postal, its webhook tests; django-anymail, postal view",
		Unsure: []string{"retry", "first version that sends X-Postal-Signature-256"},
	}
}

func postmarkRow() Provider {
	return Provider{
		Name:  "postmark",
		Title: "Postmark",
		Docs:  "https://postmarkapp.com/developer/webhooks/webhooks-overview",
		Schemes: []Scheme{{
			Name: "basic", Kind: Basic,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyUser, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:RecordType"},
			Time:    []TimeAt{{"json:DeliveredAt", RFC3339}, {"json:BouncedAt", RFC3339}, {"json:ReceivedAt", RFC3339}, {"json:ChangedAt", RFC3339}},
			Tenant:  []string{"json:ServerID"},
			Subject: []string{"json:MessageID"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the record, the message and the time of the event.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 10, Span: 630 * time.Minute, Note: "Bounces and inbound mail ten tries, others three: after 1, 5, 10, 15 and 30 minutes, then 1, 2 and 6 hours. A 403 stops them."},
		Ranges:       []RangeList{{Name: "postmark", Docs: "https://postmarkapp.com/support/article/800-ips-for-firewalls"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Postmark"},
		},
		Pitfalls: []string{
			"There is no signature: basic authentication over HTTPS is all there is.",
			"The secret is user:password of the webhook's URL or settings.",
			"A delivery has no id of its own: MessageID and RecordType together come nearest.",
			"A 403 stops the retries: a policy that denies ends the delivery.",
		},
		Source: "hookdeck/webhook-skills, postmark; django-anymail",
		Unsure: []string{"retry"},
	}
}

func pusherRow() Provider {
	return Provider{
		Name:  "pusher",
		Title: "Pusher Channels",
		Docs:  "https://pusher.com/docs/channels/server_api/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-pusher-signature"},
			Encoding: Hex, Content: "{body}",
			Expect: []Expect{{"header:x-pusher-key", "{setting:app_key}"}},
			Key:    KeyText,
		}},
		Settings: []Setting{{
			Name: "app_key", Doc: "The app key that must stand in X-Pusher-Key; any is taken where it is not set.",
			Example: "octokey1", Optional: true,
		}},
		Facts: Locators{
			Time:   []TimeAt{{"json:time_ms", Milliseconds}},
			Tenant: []string{"header:x-pusher-key"},
		},
		Batch: &Batch{At: "events", Facts: Locators{
			Type:    []string{"json:name"},
			Subject: []string{"json:channel"},
		}},
		Identity: Identity{
			Content: true,
			Why:     "The body holds time_ms, the time of its events in milliseconds.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      4 * time.Second,
		Retry:        Retry{Span: 5 * time.Minute},
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
			Family:   Family{Signature: "header:intuit-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:0.type"},
			Time:    []TimeAt{{"json:0.time", RFC3339}},
			Tenant:  []string{"json:0.intuitaccountid"},
			Subject: []string{"json:0.intuitentityid"},
		},
		Batch: &Batch{Also: []string{"eventNotifications"}, Within: []Level{{Lists: []string{"dataChangeEvent.entities"}}}, Facts: Locators{
			Type:    []string{"json:type", "json:dataChangeEvent.entities.0.name"},
			Action:  []string{"json:dataChangeEvent.entities.0.operation"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:time", RFC3339}, {"json:dataChangeEvent.entities.0.lastUpdated", DateTime}},
			Tenant:  []string{"json:intuitaccountid", "json:realmId"},
			Subject: []string{"json:intuitentityid", "json:dataChangeEvent.entities.0.id"},
		}},
		Identity: Identity{
			Why: "A CloudEvent of Intuit has a UUID, in the signed body; an entity of the older form has none and holds its time, so that what was signed is its identity.",
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
			"A delivery may hold several companies and entities, each of which becomes an event of its own.",
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
			Family:   Family{Signature: "header:x-ramp-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}, {
			Name: "sha256-prefixed", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-ramp-signature"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:business_id"},
			Subject: []string{"json:object.id"},
		},
		Identity: Identity{
			Why: "id names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Ramp does not state how the signature is written: receivers in public repositories take bare lower-case hexadecimal; where sha256= stands in front, choose the scheme sha256-prefixed.",
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
			Family:   Family{Signature: "header:x-razorpay-signature"},
			Encoding: Hex, Content: "{body}",
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
		Identity: Identity{
			Content: true,
			Why:     "The body holds created_at and the entity, and each of its events happens once; X-Razorpay-Event-Id is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "Then the webhook is disabled."},
		Ranges:       []RangeList{{Name: "razorpay", Docs: "https://razorpay.com/docs/security/whitelists/"}},
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
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:event", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:data.data.updated_at", RFC3339}, {"json:timestamp", RFC3339}, {"json:created_at", RFC3339}},
			Subject: []string{"json:data.bot.id", "json:data.recording.id"},
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
		Source: "trigger.dev source catalogue; Recall.ai docs, Authenticating requests",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

func recurlyRow() Provider {
	return Provider{
		Name:  "recurly",
		Title: "Recurly",
		Docs:  "https://recurly.com/developers/reference/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:recurly-signature", Timestamp: "pair:0"},
			Layout: List, Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Milliseconds, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:object_type"},
			Action:  []string{"json:event_type"},
			Time:    []TimeAt{{"json:event_time", RFC3339}},
			Tenant:  []string{"json:site_id"},
			Subject: []string{"json:uuid", "json:id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time of the event with the object and what happened to it.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Max: 10, Span: 20 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The header is a list: the time first, then one signature a key.",
			"The older XML notifications are not signed.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "trigger.dev source catalogue; Recurly docs, Webhook signatures",
		Unsure: []string{"tolerance", "retry"},
	}
}

package provider

import "time"

func coinbaseCommerceRow() Provider {
	return Provider{
		Name:  "coinbase-commerce",
		Title: "Coinbase Commerce",
		Docs:  "https://docs.cdp.coinbase.com/commerce/docs/webhooks-security",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-cc-webhook-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:event.type"},
			Split:   SplitLastColon,
			ID:      []string{"json:event.id"},
			Time:    []TimeAt{{"json:event.created_at", RFC3339}},
			Subject: []string{"json:event.data.code"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 72 * time.Hour, Note: "Backs off for up to 3 days, at most an hour apart."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"id is that of the delivery and new at every try: event.id is the one to remember.",
		},
		Source: "coinbase-commerce-node tests (recomputed); Coinbase docs, Webhooks overview (retry)",
	}
}

func cursorRow() Provider {
	return Provider{
		Name:  "cursor",
		Title: "Cursor cloud agents",
		Docs:  "https://docs.cursor.com/account/cloud-agent-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-webhook-signature"},
			Layout: Single, Mark: "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Action:  []string{"json:status"},
			ID:      []string{"header:x-webhook-id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Subject: []string{"json:id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Failed deliveries are tried again."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Cursor-Agent-Webhook/1.0"},
			{"x-webhook-event", "{event}"},
			{"x-webhook-id", "{id}"},
		},
		Pitfalls: []string{
			"The signature covers neither X-Webhook-ID nor the other headers.",
		},
		Source: "hookdeck/webhook-skills, cursor",
		Unsure: []string{"place of the event name", "retry"},
	}
}

func customerioRow() Provider {
	return Provider{
		Name:  "customerio",
		Title: "Customer.io",
		Docs:  "https://docs.customer.io/integrations/api/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-cio-signature", Timestamp: "header:x-cio-timestamp"},
			Layout: Single, Encoding: Hex, Content: "v0:{timestamp}:{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:object_type"},
			Action:  []string{"json:metric"},
			ID:      []string{"json:event_id"},
			Time:    []TimeAt{{"json:timestamp", Seconds}},
			Subject: []string{"json:data.customer_id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      4 * time.Second,
		Retry:        Retry{Span: 168 * time.Hour, Note: "Backs off for up to 7 days."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signature has no version in front of it, although the signed text has.",
		},
		Source: "trigger.dev source catalogue (header, signed text)",
		Unsure: []string{"retry", "address ranges"},
	}
}

func discourseRow() Provider {
	return Provider{
		Name:  "discourse",
		Title: "Discourse",
		Docs:  "https://meta.discourse.org/t/configure-webhooks/49045",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-discourse-event-signature"},
			Layout: Single, Mark: "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-discourse-event"},
			ID:      []string{"header:x-discourse-event-id"},
			Tenant:  []string{"header:x-discourse-instance"},
			Subject: []string{"json:topic.id", "json:post.id", "json:user.id"},
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Retry:        Retry{Max: 4, Span: 156 * time.Minute, Note: "Off by default; else four tries after 1, 5, 25 and 125 minutes, and 404 or 410 at the last one deactivates the webhook."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Discourse/3.5"},
			{"x-discourse-event", "{event}"},
			{"x-discourse-event-id", "{id}"},
			{"x-discourse-event-type", "topic"},
			{"x-discourse-instance", "https://forum.octo-corp.example"},
		},
		Pitfalls: []string{
			"A webhook may say that its body is form-encoded although it is JSON: choose application/json in its settings.",
			"X-Discourse-Event-Id counts within one instance.",
			"The signature covers no header: event, id and instance are unsigned.",
		},
		Source: "discourse/discourse, emit_web_hook_event.rb",
	}
}

func duffelRow() Provider {
	return Provider{
		Name:  "duffel",
		Title: "Duffel",
		Docs:  "https://duffel.com/docs/guides/receiving-webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-duffel-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Subject: []string{"json:data.object.id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 72 * time.Hour, Note: "Backs off for up to 72 h."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The secret is used as it is shown.",
			"The event ping.triggered tests an endpoint.",
		},
		Source: "Duffel guide, Receiving webhooks, as implemented by several receivers (header, signed text)",
		Unsure: []string{"retry", "tolerance: 5 minutes are customary"},
	}
}

func dwollaRow() Provider {
	return Provider{
		Name:  "dwolla",
		Title: "Dwolla",
		Docs:  "https://developers.dwolla.com/docs/balance/webhooks/process-validate",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-request-signature-sha-256"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:topic", "header:x-dwolla-topic"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:_links.account.href"},
			Subject: []string{"json:resourceId"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 8, Span: 72 * time.Hour, Note: "Eight tries over 72 h; a subscription that fails 400 times in a day is paused."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-dwolla-topic", "{event}"},
		},
		Pitfalls: []string{
			"The header X-Dwolla-Topic is not signed: the topic of the body is used.",
		},
		Source: "Dwolla docs, Process and validate webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func easypostRow() Provider {
	return Provider{
		Name:  "easypost",
		Title: "EasyPost",
		Docs:  "https://docs.easypost.com/guides/webhooks-guide",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-hmac-signature"},
			Layout: Single, Mark: "hmac-sha256-hex=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:description"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:user_id"},
			Subject: []string{"json:result.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      7 * time.Second,
		Retry:        Retry{Max: 6},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "EasyPost/1.0"},
		},
		Pitfalls: []string{
			"EasyPost normalises the secret to NFKD: keep to ASCII, where that changes nothing.",
			"Numbers like 614.0 change when the body is written anew.",
		},
		Source: "easypost-node, src/utils/util.js and issue 467",
		Unsure: []string{"retry", "X-Hmac-Signature-V2, which is not looked at"},
	}
}

func elevenlabsRow() Provider {
	return Provider{
		Name:  "elevenlabs",
		Title: "ElevenLabs",
		Docs:  "https://elevenlabs.io/docs/eleven-agents/workflows/post-call-webhooks",
		Schemes: []Scheme{{
			Name: "v0", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "elevenlabs-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v0", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 1800 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Time:    []TimeAt{{"json:event_timestamp", Seconds}},
			Tenant:  []string{"json:data.agent_id"},
			Subject: []string{"json:data.conversation_id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Disabled after 10 failures in a row within 7 days."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"v0 is the real version here.",
			"Audio events have large bodies.",
		},
		Source: "elevenlabs-js, wrapper for webhooks (format, tolerance); hookdeck/webhook-skills, elevenlabs",
		Unsure: []string{"retry"},
	}
}

package provider

import "time"

func webflowRow() Provider {
	return Provider{
		Name:  "webflow",
		Title: "Webflow",
		Docs:  "https://developers.webflow.com/data/docs/working-with-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-webflow-signature", Timestamp: "header:x-webflow-timestamp"},
			Encoding: Hex, Content: "{timestamp}:{body}",
			TimeUnit: Milliseconds, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:triggerType"},
			Time:    []TimeAt{{"json:payload.submittedAt", RFC3339}, {"json:payload.lastPublished", RFC3339}},
			Tenant:  []string{"json:payload.siteId"},
			Subject: []string{"json:payload.formId", "json:payload.pageId", "json:payload.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time of what happened and what it is about.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 3, Span: 30 * time.Minute, Note: "10 minutes apart."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Webhooks made in the dashboard are not signed: make them through the API.",
			"The key is the app's client secret, or the webhook's own secret since 2025.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "hookdeck/webhook-skills, webflow; Webflow developer docs, Request signatures",
		Unsure: []string{"retry"},
	}
}

func whatsappRow() Provider {
	return Provider{
		Name:  "whatsapp",
		Title: "WhatsApp Cloud API",
		Docs:  "https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-hub-signature-256"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Settings: []Setting{{
			Name: "verify_token", Doc: "The token that was entered beside the callback URL; the check of the endpoint repeats it.",
			Secret: true, Example: "octo-corp-verify-token",
		}},
		Facts: Locators{},
		Batch: &Batch{At: "entry", Within: []Level{
			{Lists: []string{"changes"}},
			{Lists: []string{"value.messages", "value.statuses", "value.message_echoes", "value.calls"}},
		}, Facts: Locators{
			Type:    []string{"json:changes.0.field"},
			Action:  []string{"json:changes.0.value.messages.0.type", "json:changes.0.value.statuses.0.status", "json:changes.0.value.message_echoes.0.type", "json:changes.0.value.calls.0.event"},
			ID:      []string{"json:changes.0.value.messages.0.id", "json:changes.0.value.statuses.0.id + json:changes.0.value.statuses.0.status", "json:changes.0.value.message_echoes.0.id", "json:changes.0.value.calls.0.id + json:changes.0.value.calls.0.event"},
			Time:    []TimeAt{{"json:changes.0.value.messages.0.timestamp", Seconds}, {"json:changes.0.value.statuses.0.timestamp", Seconds}, {"json:changes.0.value.message_echoes.0.timestamp", Seconds}, {"json:changes.0.value.calls.0.timestamp", Seconds}},
			Tenant:  []string{"json:id"},
			Subject: []string{"json:changes.0.value.metadata.phone_number_id"},
		}},
		Identity: Identity{
			Why: "A message has an id that is unique at WhatsApp; its status has one receipt for each status. Both are in the signed body; other changes are known by what was signed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "GET", When: "query:hub.mode", Is: "subscribe", Token: "query:hub.verify_token", TokenSetting: "verify_token", Challenge: "query:hub.challenge", Answer: Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true}},
		Retry:        Retry{Span: 168 * time.Hour, Note: "With growing pauses."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "facebookexternalua"},
		},
		Pitfalls: []string{
			"The key is the app secret; the verify token of the handshake is another one.",
			"Statuses of one message share its id and come in any order: the id of a status is that of the message with the status.",
			"A delivery may hold several entries, changes, messages and statuses, each of which becomes an event of its own.",
		},
		Source: "WhatsApp docs, Set up webhooks; fbsamples (handshake); trigger.dev source catalogue",
		Unsure: []string{"length of the retries"},
	}
}

func wiseRow() Provider {
	return Provider{
		Name:  "wise",
		Title: "Wise",
		Docs:  "https://docs.wise.com/api-docs/features/webhooks-notifications/event-handling",
		Schemes: []Scheme{{
			Name: "sha256", Kind: RSA, Hash: SHA256,
			Family:   Family{Signature: "header:x-signature-sha256"},
			Encoding: Base64, Content: "{body}",
			Key: KeyPEM,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type"},
			ID:      []string{"header:x-delivery-id"},
			Time:    []TimeAt{{"json:data.occurred_at", RFC3339}, {"json:sent_at", RFC3339}},
			Tenant:  []string{"json:data.resource.profile_id"},
			Subject: []string{"json:data.resource.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the resource, its state and the times; X-Delivery-Id is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 25, Span: 336 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-delivery-id", "{id}"},
		},
		Pitfalls: []string{
			"Sandbox and production sign with two keys, which Wise publishes: give the one you need.",
			"The older X-Signature (SHA-1) is not looked at.",
			"A test notification (X-Test-Notification: true) comes when a subscription is made.",
		},
		Source: "transferwise/digital-signatures-examples (recomputed)",
		Unsure: []string{"X-Delivery-Id", "retry"},
	}
}

func woocommerceRow() Provider {
	return Provider{
		Name:  "woocommerce",
		Title: "WooCommerce",
		Docs:  "https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-wc-webhook-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-wc-webhook-topic"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:date_modified_gmt", DateTime}, {"json:date_created_gmt", DateTime}},
			Tenant:  []string{"header:x-wc-webhook-source"},
			Subject: []string{"json:id"},
		},
		Types: woocommerceTypes(),
		Identity: Identity{
			Content: true,
			Why:     "The body is the resource with the time of its last change: one body under one topic is one event, and each topic of a change has a delivery of its own.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "form:webhook_id", Without: "header:x-wc-webhook-signature", Unsigned: true}},
		Timeout:      60 * time.Second,
		Retry:        Retry{Note: "No retry; more than five failures in a row disable the webhook."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "WooCommerce/9.8.5 Hookshot (WordPress/6.8.1)"},
			{"x-wc-webhook-delivery-id", "c0ffee00octo"},
			{"x-wc-webhook-event", "created"},
			{"x-wc-webhook-id", "17"},
			{"x-wc-webhook-resource", "order"},
			{"x-wc-webhook-source", "https://shop.octo-corp.example/"},
			{"x-wc-webhook-topic", "{event}"},
		},
		Pitfalls: []string{
			"X-WC-Webhook-Delivery-ID is a hash of webhook and second, so that two deliveries can share one: it is not used as the id.",
			"Saving a webhook sends an unsigned form with webhook_id alone, which must get 200.",
			"The topic stands in a header, which the signature does not cover.",
			"A secret with an HTML entity in it is decoded before it is used: keep to letters and digits.",
		},
		Source: "woocommerce/woocommerce, class-wc-webhook.php; real deliveries",
	}
}

func workosRow() Provider {
	return Provider{
		Name:  "workos",
		Title: "WorkOS",
		Docs:  "https://workos.com/docs/events/data-syncing/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:workos-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Separator: ", ", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Milliseconds, ToleranceSeconds: 180,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:data.organization_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "id (event_...) names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 6, Span: 72 * time.Hour},
		Ranges:       []RangeList{{Name: "workos", Docs: "https://workos.com/docs/events/data-syncing/webhooks"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "WorkOS/1.0"},
		},
		Pitfalls: []string{
			"The time is in milliseconds, and a blank stands behind the comma.",
		},
		Source: "workos-node, signature-provider.ts and its tests",
		Unsure: []string{"retry"},
	}
}

func xTwitterRow() Provider {
	return Provider{
		Name:  "x-twitter",
		Title: "X (Twitter)",
		Docs:  "https://docs.x.com/x-api/webhooks/introduction",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-twitter-webhooks-signature"},
			Mark:   "sha256=", Encoding: Base64, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type: []string{
				"member:tweet_create_events.0", "member:tweet_delete_events.0", "member:favorite_events.0", "member:follow_events.0", "member:unfollow_events.0",
				"member:block_events.0", "member:unblock_events.0", "member:mute_events.0", "member:unmute_events.0", "member:direct_message_events.0",
				"member:direct_message_indicate_typing_events.0", "member:direct_message_mark_read_events.0", "member:user_event", "text:activity",
			},
			Tenant: []string{"json:for_user_id"},
		},
		Batch: &Batch{At: "tweet_create_events", Also: []string{
			"tweet_delete_events", "favorite_events", "follow_events", "unfollow_events", "block_events", "unblock_events", "mute_events", "unmute_events",
			"direct_message_events", "direct_message_indicate_typing_events", "direct_message_mark_read_events",
		}, Facts: Locators{
			ID:      []string{"json:id_str", "json:id", "json:status.id + json:timestamp_ms"},
			Time:    []TimeAt{{"json:created_timestamp", Milliseconds}, {"json:timestamp_ms", Milliseconds}},
			Subject: []string{"json:user.id_str", "json:message_create.sender_id", "json:source.id", "json:status.user_id", "json:sender_id"},
		}},
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "A post or message has an id, in the signed body, and each subscribed user has a delivery of it; other events have no id and hold their times.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "GET", When: "query:crc_token", Challenge: "query:crc_token", Response: Response{Kind: HMAC, Hash: SHA256, Encoding: Base64, Content: "{challenge}"}, Answer: Answer{ContentType: "application/json", Body: `{"response_token":"sha256={response}"}`}, Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "Failed deliveries are tried a few times."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the app's consumer secret.",
			"The check by crc_token comes again and again: when it fails the webhook is disabled.",
			"A body names its events by the lists that it holds, each item of which becomes an event of its own.",
		},
		Source: "xdevplatform/account-activity-dashboard, helpers/security.js (check); X docs, Webhooks (signature)",
		Unsure: []string{"retry"},
	}
}

func xeroRow() Provider {
	return Provider{
		Name:  "xero",
		Title: "Xero",
		Docs:  "https://developer.xero.com/documentation/guides/webhooks/overview/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-xero-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{},
		Batch: &Batch{At: "events", Facts: Locators{
			Type:    []string{"json:eventCategory"},
			Action:  []string{"json:eventType"},
			Time:    []TimeAt{{"json:eventDateUtc", DateTime}},
			ID:      []string{"json:resourceId + json:eventCategory + json:eventType + json:eventDateUtc"},
			Tenant:  []string{"json:tenantId"},
			Subject: []string{"json:resourceId"},
		}},
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "A resource of an organisation has one event of a kind at a time, which the signed body holds in milliseconds; there is no id.",
		},
		ContentTypes: []string{"application/json"},
		BareRefusals: true,
		Timeout:      5 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "With growing pauses, then the subscription is disabled."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The intent to receive is some signed requests, a part of them wrongly: right ones must get 200 and wrong ones 401 without a body, within 5 s.",
			"Answers must set no cookies.",
			"Sequence numbers name no delivery, and entropy changes with every try: a try again counts as another event.",
		},
		Source: "NangoHQ/nango (header, encoding); Xero docs, Webhooks overview",
		Unsure: []string{"retry"},
	}
}

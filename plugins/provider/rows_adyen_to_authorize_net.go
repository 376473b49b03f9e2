package provider

import "time"

func adyenRow() Provider {
	return Provider{
		Name:  "adyen",
		Title: "Adyen",
		Docs:  "https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures/",
		Schemes: []Scheme{{
			Name: "item", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "json:NotificationRequestItem.additionalData.hmacSignature"},
			Encoding: Base64, Content: "{json:NotificationRequestItem.pspReference|maybe}:{json:NotificationRequestItem.originalReference|maybe}:{json:NotificationRequestItem.merchantAccountCode|maybe}:{json:NotificationRequestItem.merchantReference|maybe}:{json:NotificationRequestItem.amount.value|maybe}:{json:NotificationRequestItem.amount.currency|maybe}:{json:NotificationRequestItem.eventCode|maybe}:{json:NotificationRequestItem.success|maybe}",
			BodyUnsigned: true, Each: "notificationItems",
			Key: KeyHex,
		}, {
			Name: "header", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:hmacsignature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyHex,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:data.balancePlatform"},
			Subject: []string{"json:data.accountHolder.id", "json:data.transfer.id", "json:data.id"},
		},
		Batch: &Batch{At: "notificationItems", Facts: Locators{
			Type:    []string{"json:NotificationRequestItem.eventCode"},
			Time:    []TimeAt{{"json:NotificationRequestItem.eventDate", RFC3339}},
			ID:      []string{"json:NotificationRequestItem.pspReference + json:NotificationRequestItem.eventCode + json:NotificationRequestItem.success"},
			Tenant:  []string{"json:NotificationRequestItem.merchantAccountCode"},
			Subject: []string{"json:NotificationRequestItem.pspReference"},
		}},
		Identity: Identity{
			Volatile: []string{"notificationItems.*.NotificationRequestItem.eventDate"},
			Why:      "Two items of one eventCode, pspReference and success are one event, say the docs (Handle duplicates); all three are signed, and pspReference is unique at Adyen. Platform webhooks name no id: what was signed, with its time, is their identity.",
		},
		ContentTypes: []string{"application/json"},
		Success:      Answer{ContentType: "text/plain", Body: "[accepted]"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Span: 168 * time.Hour, Note: "Three tries at once, then after 2, 5, 10, 15 and 30 minutes and 1, 2 and 4 hours, then every 8 hours for 7 days and more."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The payments webhook signs eight fields of each item (scheme item); whatever else the body holds is not authenticated.",
			"Platform, management and tokenisation webhooks sign the whole body (scheme header, which must be chosen).",
			"The key is hexadecimal and used decoded.",
			"A delivery holds several items, and each of them must verify.",
			"Events of one payment may share its pspReference: pspReference, eventCode and success together are the id of an item.",
		},
		Source: "adyen-node-api-library, hmacValidator tests (both recomputed) and mocks",
		Unsure: []string{"retry", "time-out"},
	}
}

func airtableRow() Provider {
	return Provider{
		Name:  "airtable",
		Title: "Airtable",
		Docs:  "https://airtable.com/developers/web/api/webhooks-overview",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-airtable-content-mac"},
			Mark:   "hmac-sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyBase64,
		}},
		Facts: Locators{
			Type:    []string{"text:ping"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:base.id"},
			Subject: []string{"json:webhook.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "A ping holds its time in milliseconds and the webhook's id, so that no two have one body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Backs off and tries again; notifications are switched off after many failures."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"A ping carries no changes: fetch the payloads of the webhook by its cursor.",
			"Webhooks expire after 7 days unless they are refreshed.",
			"The secret is the macSecretBase64 of the create call, used decoded.",
		},
		Source: "Airtable webhooks overview by way of the trigger.dev source catalogue (header, prefix, key form)",
		Unsure: []string{"retry"},
	}
}

func anthropicRow() Provider {
	return Provider{
		Name:  "anthropic",
		Title: "Anthropic",
		Docs:  "https://platform.claude.com/docs/en/managed-agents/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:data.type", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
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

func asanaRow() Provider {
	return Provider{
		Name:  "asana",
		Title: "Asana",
		Docs:  "https://developers.asana.com/docs/webhooks-guide",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-hook-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{},
		Batch: &Batch{At: "events", Facts: Locators{
			Type:    []string{"json:resource.resource_type"},
			Action:  []string{"json:action"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Subject: []string{"json:resource.gid"},
		}},
		Identity: Identity{
			Content: true,
			Why:     "An event has no id; each holds its time in milliseconds, the user and the resource, and a delivery is sent again as it was.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "header:x-hook-secret", Challenge: "header:x-hook-secret", Answer: Answer{Headers: []Header{{"x-hook-secret", "{challenge}"}}}, Unsigned: true, Setup: true}},
		Timeout:      10 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "A webhook without a success for 24 h is deleted."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The secret arrives in the first request (X-Hook-Secret), while the create call is still open; anybody can send one, so take it only during set-up.",
			"A body without events is the heartbeat.",
			"Deliveries are at most once.",
			"An answer of 410 deletes the webhook.",
		},
		Source: "Asana API reference, createWebhook; Webhooks guide (time-out and retry)",
		Unsure: []string{"interval of the heartbeat"},
	}
}

func attioRow() Provider {
	return Provider{
		Name:  "attio",
		Title: "Attio",
		Docs:  "https://docs.attio.com/rest-api/guides/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:attio-signature"},
			Alternates: []Family{{Signature: "header:x-attio-signature"}},
			Encoding:   Hex, Content: "{body}",
			Key: KeyText,
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
		Identity: Identity{
			None: true,
			Why:  "Events hold no time, so that two changes of a record have one body: the Idempotency-Key, which is not signed, tells them apart, and without one a delivery is an event of its own.",
		},
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

func auth0Row() Provider {
	return Provider{
		Name:  "auth0",
		Title: "Auth0 log streams",
		Docs:  "https://auth0.com/docs/customize/log-streams/custom-log-streams",
		Schemes: []Scheme{{
			Name: "token", Kind: Token,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyText,
		}},
		Facts: Locators{},
		Batch: &Batch{Facts: Locators{
			Type:    []string{"json:data.type"},
			ID:      []string{"json:log_id"},
			Time:    []TimeAt{{"json:data.date", RFC3339}},
			Tenant:  []string{"json:data.tenant_name"},
			Subject: []string{"json:data.client_id"},
		}},
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "log_id is unique in the tenant whose log it is.",
		},
		ContentTypes: []string{"application/json", "application/x-ndjson"},
		Retry:        Retry{Max: 3, Note: "Backs off; a stream that keeps failing is paused."},
		Ranges: []RangeList{{
			Name: "auth0", URL: "https://cdn.auth0.com/ip-ranges.json", Format: RangeJSON, Paths: []string{"regions.*.ipv4_cidrs"},
			Docs: "https://auth0.com/docs/secure/security-guidance/data-security/allowlist",
		}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The token is the value of the Authorization header as configured, a word like Bearer included.",
			"type is a short code (s, fp, ...) of Auth0's log events.",
			"Nothing but the token proves the sender: whoever reads one delivery can forge others.",
		},
		Source: "trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func authorizeNetRow() Provider {
	return Provider{
		Name:  "authorize-net",
		Title: "Authorize.Net",
		Docs:  "https://developer.authorize.net/api/reference/features/webhooks.html",
		Schemes: []Scheme{{
			Name: "sha512", Kind: HMAC, Hash: SHA512,
			Family: Family{Signature: "header:x-anet-signature"},
			Mark:   "sha512=", Encoding: HexUpper, Content: "{body}",
			Key: KeyHex,
		}},
		Facts: Locators{
			Type:    []string{"json:eventType"},
			Split:   SplitLastDot,
			ID:      []string{"json:notificationId"},
			Time:    []TimeAt{{"json:eventDate", RFC3339}},
			Subject: []string{"json:payload.id"},
		},
		Identity: Identity{
			Why: "notificationId is a UUID of Authorize.Net's, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 10, Note: "The pauses grow from 3 minutes to 8 hours; then the webhook becomes inactive."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signature is upper-case hexadecimal.",
			"The signature key is hexadecimal and used decoded, as most client libraries do.",
		},
		Source: "trigger.dev source catalogue; Authorize.Net client libraries",
		Unsure: []string{"key form", "retry"},
	}
}

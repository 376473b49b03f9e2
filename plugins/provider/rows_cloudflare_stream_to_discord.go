package provider

import "time"

func cloudflareStreamRow() Provider {
	return Provider{
		Name:  "cloudflare-stream",
		Title: "Cloudflare Stream",
		Docs:  "https://developers.cloudflare.com/stream/manage-video-library/using-webhooks/",
		Schemes: []Scheme{{
			Name: "sig1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:webhook-signature", Timestamp: "pair:time"},
			Layout: Pairs, Mark: "sig1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:status.state"},
			Time:    []TimeAt{{"json:modified", RFC3339}},
			Subject: []string{"json:uid"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body is the video with the time of its last change in microseconds and its state.",
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

func coinbaseCommerceRow() Provider {
	return Provider{
		Name:  "coinbase-commerce",
		Title: "Coinbase Commerce",
		Docs:  "https://docs.cdp.coinbase.com/commerce/docs/webhooks-security",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-cc-webhook-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event.type"},
			Split:   SplitLastColon,
			ID:      []string{"json:event.id"},
			Time:    []TimeAt{{"json:event.created_at", RFC3339}},
			Subject: []string{"json:event.data.code"},
		},
		Identity: Identity{
			Volatile: []string{"id", "scheduled_for", "attempt_number"},
			Why:      "event.id is a UUID, in the signed body; id, scheduled_for and attempt_number are those of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 72 * time.Hour, Note: "At most an hour apart."},
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

func contentfulRow() Provider {
	return Provider{
		Name:  "contentful",
		Title: "Contentful",
		Docs:  "https://www.contentful.com/developers/docs/webhooks/request-verification/",
		Schemes: []Scheme{{
			Name: "canonical", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-contentful-signature", Timestamp: "header:x-contentful-timestamp"},
			Encoding: Hex, Content: "{method}\n{target}\n{headers-listed:x-contentful-signed-headers}\n{body}",
			TimeUnit: Milliseconds, ToleranceSeconds: 30,
			Key: KeyText, KeyMin: 32,
		}},
		Facts: Locators{
			Type:    []string{"header:x-contentful-topic"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:sys.updatedAt", RFC3339}},
			Tenant:  []string{"json:sys.space.sys.id"},
			Subject: []string{"json:sys.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body is the resource with its version and the time of its last change in milliseconds; the topic is a signed header where the list of signed headers names it.",
		},
		ContentTypes: []string{"application/vnd.contentful.management.v1+json", "application/json"},
		Timeout:      30 * time.Second,
		Retry:        Retry{Max: 3, Note: "After 429 and a 5xx."},
		On429:        "Tried again up to three times.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/vnd.contentful.management.v1+json"},
			{"x-contentful-topic", "{event}"},
		},
		Pitfalls: []string{
			"The signature covers the method, path and query and a list of headers: a proxy that changes them breaks it.",
			"The list of signed headers is the delivery's own: it must name itself and the timestamp.",
			"The tolerance of 30 s is that of Contentful's own library.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "contentful/node-apps-toolkit, sign-request and verify-request with their specs",
		Unsure: []string{"retry"},
	}
}

func cursorRow() Provider {
	return Provider{
		Name:  "cursor",
		Title: "Cursor cloud agents",
		Docs:  "https://docs.cursor.com/account/cloud-agent-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-webhook-signature"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Action:  []string{"json:status"},
			ID:      []string{"header:x-webhook-id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Subject: []string{"json:id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds, the agent and its status; X-Webhook-ID is not signed.",
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
			Family:   Family{Signature: "header:x-cio-signature", Timestamp: "header:x-cio-timestamp"},
			Encoding: Hex, Content: "v0:{timestamp}:{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:object_type"},
			Action:  []string{"json:metric"},
			ID:      []string{"json:event_id"},
			Time:    []TimeAt{{"json:timestamp", Seconds}},
			Subject: []string{"json:data.customer_id"},
		},
		Identity: Identity{
			Why: "event_id is a ULID, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      4 * time.Second,
		Retry:        Retry{Span: 168 * time.Hour},
		Ranges:       []RangeList{{Name: "customerio", Docs: "https://docs.customer.io/accounts-and-workspaces/ip-addresses/"}},
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

func datadogRow() Provider {
	return Provider{
		Name:  "datadog",
		Title: "Datadog webhooks integration",
		Docs:  "https://docs.datadoghq.com/integrations/webhooks/",
		Schemes: []Scheme{{
			Name: "token", Kind: Token,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type"},
			Action:  []string{"json:alert_transition"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:date", Milliseconds}},
			Tenant:  []string{"json:org.id"},
			Subject: []string{"json:alert_id"},
		},
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "id is the $ID of the event, unique in the organization.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Max: 5, Note: "After a 5xx."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Ranges: []RangeList{{
			Name: "datadog", URL: "https://ip-ranges.datadoghq.com/", Format: RangeJSON,
			Paths: []string{"webhooks.prefixes_ipv4", "webhooks.prefixes_ipv6"}, Docs: "https://docs.datadoghq.com/api/latest/ip-ranges/",
		}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Headers and body are templates of yours: give the webhook the custom header authorization, and a body with event_type ($EVENT_TYPE), id ($ID), date ($DATE), alert_id ($ALERT_ID) and org.id ($ORG_ID).",
			"There is no signature: the token travels in every delivery.",
		},
		Source: "Datadog docs, Webhooks integration; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func deepgramRow() Provider {
	return Provider{
		Name:  "deepgram",
		Title: "Deepgram callbacks",
		Docs:  "https://developers.deepgram.com/docs/callback",
		Schemes: []Scheme{{
			Name: "basic", Kind: Basic,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyUser, KeyMin: 8,
		}, {
			Name: "dg-token", Kind: Token, Weak: true,
			Family: Family{Signature: "header:dg-token"},
			Key:    KeyText,
		}},
		Facts: Locators{
			Type:    []string{"text:transcription"},
			ID:      []string{"json:metadata.request_id"},
			Time:    []TimeAt{{"json:metadata.created", RFC3339}},
			Subject: []string{"json:metadata.sha256"},
		},
		Identity: Identity{
			Why: "request_id is a UUID of the request whose result is called back once.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 10, Span: 5 * time.Minute, Note: "30 s apart."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The header dg-token names the API key and is no secret (scheme dg-token, which must be chosen): put user and password into the callback URL.",
			"The secret is user:password of the callback URL.",
		},
		Source: "hookdeck/webhook-skills, deepgram; Deepgram docs, Callback",
		Unsure: []string{"retry"},
	}
}

func discordRow() Provider {
	return Provider{
		Name:  "discord",
		Title: "Discord",
		Docs:  "https://docs.discord.com/developers/events/webhook-events",
		Schemes: []Scheme{{
			Name: "ed25519", Kind: Ed25519,
			Family:   Family{Signature: "header:x-signature-ed25519", Timestamp: "header:x-signature-timestamp"},
			Encoding: Hex, Content: "{timestamp}{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyHex,
		}},
		Facts: Locators{
			Type:    []string{"json:event.type", "json:data.name", "json:type"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:event.timestamp", DateTime}},
			Tenant:  []string{"json:guild_id", "json:application_id"},
			Subject: []string{"json:channel_id", "json:event.data.user.id"},
		},
		Identity: Identity{
			Why: "id is a snowflake of the interaction, unique at Discord; an event without one holds its time in microseconds.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "json:type", Is: "1", Without: "json:event.type", Answer: Answer{ContentType: "application/json", Body: `{"type":1}`}}, {Method: "POST", When: "json:type", Is: "0", Answer: Answer{Status: 204, ContentType: "application/json"}}},
		Success:      Answer{Status: 204},
		Timeout:      3 * time.Second,
		Retry:        Retry{Span: 612 * time.Second, Note: "Webhook events: several tries for up to 10 minutes; an endpoint that fails often is disabled. Interactions: none."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the application's public key in hexadecimal.",
			"Discord sends wrong signatures on purpose, which must get 401, or the endpoint is removed.",
			"An interaction wants an answer with a body: send those elsewhere, or answer later through the API.",
			"Webhook events have no id.",
		},
		Source: "discord-api-docs, webhook-events and interactions/overview; a real signed request in ssMMiles/discord-interactions (recomputed)",
		Unsure: []string{"tolerance: Discord states none"},
	}
}

package provider

import "time"

func metaRow() Provider {
	return Provider{
		Name:  "meta",
		Title: "Meta (Facebook, Instagram, Messenger, Threads)",
		Docs:  "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
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
		Facts: Locators{
			Type: []string{"json:object"},
		},
		Batch: &Batch{At: "entry", Within: []Level{{Lists: []string{"changes", "messaging", "standby"}}}, Facts: Locators{
			Action: []string{
				"json:changes.0.field", "member:messaging.0.message", "member:messaging.0.postback", "member:messaging.0.reaction", "member:messaging.0.delivery",
				"member:messaging.0.read", "member:messaging.0.optin", "member:messaging.0.referral", "member:standby.0.message",
			},
			ID:      []string{"json:messaging.0.message.mid", "json:standby.0.message.mid"},
			Time:    []TimeAt{{"json:time", Seconds}, {"json:time", Milliseconds}},
			Tenant:  []string{"json:id"},
			Subject: []string{"json:messaging.0.sender.id", "json:standby.0.sender.id", "json:changes.0.value.id"},
		}},
		Identity: Identity{
			Why: "A message has a mid, in the signed body; other changes have no id and hold a time, so that what was signed is their identity.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "GET", When: "query:hub.mode", Is: "subscribe", Token: "query:hub.verify_token", TokenSetting: "verify_token", Challenge: "query:hub.challenge", Answer: Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true}},
		Timeout:      20 * time.Second,
		Retry:        Retry{Span: 36 * time.Hour, Note: "At once, then less and less often for 36 h."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "facebookexternalua"},
		},
		Pitfalls: []string{
			"A delivery holds up to 1000 changes, each of which becomes an event of its own.",
			"The key is the app secret; the verify token of the handshake is another one.",
			`Bodies escape non-ASCII as \\uXXXX: written anew they fail.`,
			"Only messages have an id: other changes are known by the body, so that a try whose body differs counts as another event.",
		},
		Source: "fbsamples/graph-api-webhooks-samples (handshake); Meta docs, Webhooks: Getting started (signature)",
		Unsure: []string{"time-out", "retry", "unit of entry.time differs by product"},
	}
}

func microsoftGraphRow() Provider {
	return Provider{
		Name:  "microsoft-graph",
		Title: "Microsoft Graph change notifications",
		Docs:  "https://learn.microsoft.com/graph/change-notifications-delivery-webhooks",
		Schemes: []Scheme{{
			Name: "client-state", Kind: Token,
			Family: Family{Signature: "json:clientState"},
			Each:   "value",
			Key:    KeyText,
		}},
		Facts: Locators{},
		Batch: &Batch{At: "value", Facts: Locators{
			Type:    []string{"json:changeType", "json:lifecycleEvent"},
			ID:      []string{"json:id"},
			Tenant:  []string{"json:tenantId"},
			Subject: []string{"json:resource"},
		}},
		Identity: Identity{
			None: true,
			Why:  "id is optional: a notification without one names a resource that changed, and the next change has the same body.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "query:validationToken", Challenge: "query:validationToken", Answer: Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true}},
		Success:      Answer{Status: 202},
		Timeout:      3 * time.Second,
		Retry:        Retry{Span: 4 * time.Hour, Note: "Slow endpoints are throttled, then dropped."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: clientState, chosen with the subscription, is a token that stands in every item, and each of them must be right.",
			"Items of several tenants and subscriptions may share a delivery: give one clientState to all of them.",
			"Rich notifications carry tokens (validationTokens), which are not looked at.",
			"Subscriptions expire and must be renewed.",
		},
		Source: "Microsoft Learn, Change notifications by webhook; Microsoft Q&A and NangoHQ/nango (validation token)",
		Unsure: []string{"time-out", "retry"},
	}
}

func microsoftTeamsOutgoingRow() Provider {
	return Provider{
		Name:  "microsoft-teams-outgoing",
		Title: "Microsoft Teams outgoing webhook",
		Docs:  "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:authorization"},
			Mark:   "HMAC ", Encoding: Base64, Content: "{body}",
			Key: KeyBase64,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:conversation.id + json:id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:channelData.tenant.id", "json:channelData.team.id"},
			Subject: []string{"json:conversation.id"},
		},
		Identity: Identity{
			Why: "The id of a message is its time in milliseconds, unique in its conversation; both are in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Success:      Answer{ContentType: "application/json", Body: `{"type":"message","text":"OK"}`},
		Timeout:      5 * time.Second,
		Retry:        Retry{Note: "No retry."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The security token is base64 and used decoded.",
			"Teams shows the answer in the channel.",
		},
		Source: "Microsoft Learn, Create an outgoing webhook; trigger.dev source catalogue",
		Unsure: []string{"time-out"},
	}
}

func modernTreasuryRow() Provider {
	return Provider{
		Name:  "modern-treasury",
		Title: "Modern Treasury",
		Docs:  "https://docs.moderntreasury.com/docs/verifying-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:data.object", "header:x-topic"},
			Action:  []string{"json:event"},
			ID:      []string{"header:x-event-id"},
			Time:    []TimeAt{{"json:data.updated_at", RFC3339}},
			Tenant:  []string{"header:x-organization-id"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the event and the object with its updated_at; X-Event-ID is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-event-id", "{id}"},
			{"x-topic", "{event}"},
		},
		Pitfalls: []string{
			"The topic stands in a header, which the signature does not cover.",
		},
		Source: "modern-treasury-node tests (recomputed); Modern Treasury docs, Verifying webhooks",
		Unsure: []string{"names of the headers other than X-Signature", "retry"},
	}
}

func mollieRow() Provider {
	return Provider{
		Name:  "mollie",
		Title: "Mollie",
		Docs:  "https://docs.mollie.com/reference/webhooks-new",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-mollie-signature"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
			Lines: true,
			Key:   KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:createdAt", RFC3339}},
			Subject: []string{"json:entityId"},
		},
		Identity: Identity{
			Why: "id (event_...) names the event, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Max: 10, Span: 26 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Classic webhooks carry an id and no signature: use the next-generation webhooks.",
			"While a secret is rotated each secret signs, on a line of its own; any of them proves the sender, and equal lines are refused.",
		},
		Source: "Mollie docs, Webhooks (next generation); mollie-api-php, SignatureValidator.php (several lines); trigger.dev source catalogue",
		Unsure: []string{"retry", "time-out"},
	}
}

func mondayRow() Provider {
	return Provider{
		Name:  "monday",
		Title: "monday.com",
		Docs:  "https://developer.monday.com/api-reference/docs/webhooks",
		Schemes: []Scheme{{
			Name: "jwt", Kind: JSONToken,
			Family:       Family{Signature: "header:authorization"},
			BodyUnsigned: true,
			Key:          KeyText,
			JWT:          JWT{Algorithms: []Algorithm{HS256}, NeedExpiry: true},
		}},
		Facts: Locators{
			Type:    []string{"json:event.type"},
			ID:      []string{"json:event.triggerUuid"},
			Time:    []TimeAt{{"json:event.triggerTime", RFC3339}},
			Tenant:  []string{"json:event.boardId"},
			Subject: []string{"json:event.pulseId", "json:event.itemId"},
		},
		Identity: Identity{
			Why: "triggerUuid names the event, in a body that the JWT does not cover.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "json:challenge", Challenge: "json:challenge", Answer: Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}, Unsigned: true}},
		Timeout:      180 * time.Second,
		Retry:        Retry{Max: 30, Span: 30 * time.Minute, Note: "Every minute."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Webhooks that an API token made are not signed: make them by an app, whose signing secret is the key.",
			"The token says nothing of the body: it proves that monday.com calls, not what.",
		},
		Source: "monday.com developer docs, Webhooks, and changelog (time-out); real deliveries",
		Unsure: []string{"retry"},
	}
}

func muxRow() Provider {
	return Provider{
		Name:  "mux",
		Title: "Mux",
		Docs:  "https://www.mux.com/docs/core/verify-webhook-signatures",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:mux-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:environment.id"},
			Subject: []string{"json:object.id", "json:data.id"},
		},
		Identity: Identity{
			Volatile: []string{"attempts"},
			Why:      "id is a UUID of the event, in the signed body; attempts lists the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Mux Webhooks"},
		},
		Pitfalls: []string{
			"Use the id of the event, not that of the object.",
		},
		Source: "mux-node-sdk, resources/webhooks; Mux docs, Verify webhook signatures",
		Unsure: []string{"retry"},
	}
}

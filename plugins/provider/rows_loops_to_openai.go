package provider

import "time"

func loopsRow() Provider {
	return Provider{
		Name:  "loops",
		Title: "Loops",
		Docs:  "https://loops.so/docs/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:eventName"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:eventTime", Seconds}},
			Subject: []string{"json:contactIdentity.id"},
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
		Source: "Loops docs, Webhooks; trigger.dev source catalogue",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

func mailersendRow() Provider {
	return Provider{
		Name:  "mailersend",
		Title: "MailerSend",
		Docs:  "https://developers.mailersend.com/api/v1/webhooks.html",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:data.id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:domain_id"},
			Subject: []string{"json:data.email.id", "json:data.email.message.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      3 * time.Second,
		Retry:        Retry{Max: 2, Span: 108 * time.Second, Note: "Two more tries, after 10 and 100 s."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The header is called Signature and nothing else.",
		},
		Source: "django-anymail, mailersend view",
		Unsure: []string{"retry"},
	}
}

func microsoftTeamsOutgoingRow() Provider {
	return Provider{
		Name:  "microsoft-teams-outgoing",
		Title: "Microsoft Teams outgoing webhook",
		Docs:  "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "authorization"},
			Layout: Single, Mark: "HMAC ", Encoding: Base64, Content: "{body}",
			Key: KeyBase64, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:channelData.tenant.id", "json:channelData.team.id"},
			Subject: []string{"json:conversation.id"},
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
			Family: Family{Header: "x-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"header:x-topic"},
			Action:  []string{"json:event"},
			ID:      []string{"header:x-event-id"},
			Time:    []TimeAt{{"json:data.updated_at", RFC3339}},
			Tenant:  []string{"header:x-organization-id"},
			Subject: []string{"json:data.id"},
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
			Family: Family{Header: "x-mollie-signature"},
			Layout: Single, Mark: "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:createdAt", RFC3339}},
			Subject: []string{"json:entityId"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Max: 10, Span: 26 * time.Hour, Note: "Ten tries over 26 h."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Classic webhooks carry an id and no signature: use the next-generation webhooks.",
			"While a secret is rotated two signatures are sent; two lines of the header are refused.",
		},
		Source: "Mollie docs, Webhooks (next generation); trigger.dev source catalogue",
		Unsure: []string{"retry", "time-out"},
	}
}

func muxRow() Provider {
	return Provider{
		Name:  "mux",
		Title: "Mux",
		Docs:  "https://www.mux.com/docs/core/verify-webhook-signatures",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "mux-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:environment.id"},
			Subject: []string{"json:object.id", "json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "Backs off for 24 h."},
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

func onfidoRow() Provider {
	return Provider{
		Name:  "onfido",
		Title: "Onfido",
		Docs:  "https://documentation.onfido.com/#webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-sha2-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:payload.action"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:payload.object.completed_at_iso8601", RFC3339}},
			Tenant:  []string{"json:payload.resource_type"},
			Subject: []string{"json:payload.object.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 5, Span: 36 * time.Hour, Note: "Five more tries: after 30 s, 2 and 15 minutes, 2 and 10 hours, and a day."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the webhook's token.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "onfido-python tests (recomputed)",
		Unsure: []string{"retry"},
	}
}

func openaiRow() Provider {
	return Provider{
		Name:  "openai",
		Title: "OpenAI",
		Docs:  "https://platform.openai.com/docs/guides/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created_at", Seconds}},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 72 * time.Hour, Note: "Backs off for up to 72 h."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"webhook-id (wh_...) names the delivery, the id of the body (evt_...) the event.",
		},
		Source: "openai-python, tests/lib/test_webhooks.py (recomputed)",
		Unsure: []string{"retry"},
	}
}

package provider

import "time"

func incidentIoRow() Provider {
	return Provider{
		Name:  "incident-io",
		Title: "incident.io",
		Docs:  "https://docs.incident.io/integrations/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type: []string{"json:event_type"},
			ID:   []string{"header:webhook-id", "header:svix-id"},
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
			"The event stands under a field that has the event's name.",
		},
		Source: "Svix, list of ingest sources (SvixConfig); incident.io docs, Webhooks",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	}
}

func increaseRow() Provider {
	return Provider{
		Name:  "increase",
		Title: "Increase",
		Docs:  "https://increase.com/documentation/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:category"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Subject: []string{"json:associated_object_id"},
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
		},
		Source: "Increase client libraries, webhook unwrapping by Standard Webhooks",
		Unsure: []string{"retry", "older endpoints sign with Increase-Webhook-Signature, which is not looked at"},
	}
}

func jiraRow() Provider {
	return Provider{
		Name:  "jira",
		Title: "Jira Cloud",
		Docs:  "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-hub-signature"},
			Layout: Single, Mark: "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:webhookEvent"},
			ID:      []string{"header:x-atlassian-webhook-identifier"},
			Time:    []TimeAt{{"json:timestamp", Milliseconds}},
			Tenant:  []string{"json:issue.fields.project.key", "json:project.key"},
			Subject: []string{"json:issue.key", "json:project.key"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 5, Span: 75 * time.Minute, Note: "Up to five tries, 5 to 15 minutes apart, after 408, 409, 425, 429, a 5xx or no connection."},
		On429:        "Tried again after 5 to 15 minutes.",
		Ranges:       []RangeList{atlassian("jira")},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Atlassian Webhook HTTP Client"},
			{"x-atlassian-webhook-identifier", "{id}"},
		},
		Pitfalls: []string{
			"A webhook without a secret is not signed, so its deliveries are refused.",
			"The header may name another method some day: only sha256 is accepted.",
			"A webhook can be set to send no body: it then tells nothing.",
		},
		Source: "Atlassian developer docs, Webhooks (test value recomputed)",
		Unsure: []string{"retry"},
	}
}

func klaviyoRow() Provider {
	return Provider{
		Name:  "klaviyo",
		Title: "Klaviyo",
		Docs:  "https://developers.klaviyo.com/en/docs/working_with_system_webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "klaviyo-signature", Timestamp: "header:klaviyo-timestamp"},
			Layout: Single, Encoding: Hex, Content: "{body}{timestamp}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Tenant: []string{"header:klaviyo-webhook-id"},
		},
		Batch: &Batch{At: "data", Facts: Locators{
			Type:    []string{"json:topic"},
			Subject: []string{"json:payload.data.id"},
		}},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 168 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"klaviyo-webhook-id", "01OCTOHOOK"},
		},
		Pitfalls: []string{
			"A delivery holds a batch of events under data.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Klaviyo docs, System webhooks, by way of the trigger.dev source catalogue (headers) and receivers in public repositories (signed text)",
		Unsure: []string{"signed text: body, then timestamp", "unit of the timestamp: seconds", "places of the event's facts"},
	}
}

func lagoRow() Provider {
	return Provider{
		Name:  "lago",
		Title: "Lago",
		Docs:  "https://docs.getlago.com/guide/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-lago-signature"},
			Layout: Single, Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:webhook_type"},
			Split:   SplitLastDot,
			ID:      []string{"header:x-lago-unique-key"},
			Tenant:  []string{"json:organization_id"},
			Subject: []string{"json:invoice.lago_id", "json:customer.lago_id", "json:subscription.lago_id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 3},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-lago-signature-algorithm", "hmac"},
			{"x-lago-unique-key", "{id}"},
		},
		Pitfalls: []string{
			"Choose hmac as the endpoint's signature algorithm, not jwt.",
			"The key is the organisation's HMAC key.",
			"The signature does not cover X-Lago-Unique-Key.",
		},
		Source: "getlago/lago-api, webhook headers and its tests; receivers in public repositories",
		Unsure: []string{"retry"},
	}
}

func lemonSqueezyRow() Provider {
	return Provider{
		Name:  "lemon-squeezy",
		Title: "Lemon Squeezy",
		Docs:  "https://docs.lemonsqueezy.com/help/webhooks/signing-requests",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 6,
		}},
		Facts: Locators{
			Type:    []string{"json:meta.event_name", "header:x-event-name"},
			Time:    []TimeAt{{"json:data.attributes.updated_at", RFC3339}},
			Tenant:  []string{"json:data.attributes.store_id"},
			Subject: []string{"json:data.id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 3, Span: 3 * time.Minute, Note: "Three more tries, after 5, 25 and 125 s."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-event-name", "{event}"},
		},
		Pitfalls: []string{
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
			"The signing secret has 6 to 40 characters: take 40.",
		},
		Source: "Lemon Squeezy docs, Signing requests; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func lineRow() Provider {
	return Provider{
		Name:  "line",
		Title: "LINE Messaging API",
		Docs:  "https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-line-signature"},
			Layout: Single, Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Tenant: []string{"json:destination"},
		},
		Batch: &Batch{At: "events", Facts: Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:webhookEventId"},
			Time:    []TimeAt{{"json:timestamp", Milliseconds}},
			Subject: []string{"json:source.groupId", "json:source.roomId", "json:source.userId"},
		}},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Redelivery is off by default; deliveryContext.isRedelivery marks one."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "LineBotWebhook/2.0"},
		},
		Pitfalls: []string{
			"The console's Verify button sends a signed body without events and wants 200.",
			"A delivery may hold several events.",
		},
		Source: "line-bot-sdk-python tests; LINE docs, Verify webhook signature (recomputed)",
		Unsure: []string{"time-out"},
	}
}

func lithicRow() Provider {
	return Provider{
		Name:  "lithic",
		Title: "Lithic",
		Docs:  "https://docs.lithic.com/docs/events-api",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created", RFC3339}},
			Subject: []string{"json:payload.token", "json:token"},
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
		Source: "lithic-node, webhook tests by the standardwebhooks package",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

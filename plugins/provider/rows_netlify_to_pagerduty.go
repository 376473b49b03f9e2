package provider

import "time"

func netlifyRow() Provider {
	return Provider{
		Name:  "netlify",
		Title: "Netlify",
		Docs:  "https://docs.netlify.com/site-deploys/notifications/",
		Schemes: []Scheme{{
			Name: "jwt", Kind: JSONToken,
			Family: Family{Signature: "header:x-webhook-signature"},
			Binds:  []Bind{{"claim:sha256", "{body|sha256|hex}"}},
			Key:    KeyText,
			JWT:    JWT{Algorithms: []Algorithm{HS256}, Issuers: []string{"netlify"}},
		}},
		Facts: Locators{
			Type:    []string{"json:state"},
			Time:    []TimeAt{{"json:updated_at", RFC3339}},
			Tenant:  []string{"json:site_id"},
			Subject: []string{"json:name"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body, whose hash is signed, holds the deploy, its state and updated_at in milliseconds.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Six failures in a row disable the notification."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"A notification without a JWS secret token is not signed, so it is refused.",
			"A delivery carries no id of its own, only that of the deploy, which all events of one deploy share.",
		},
		Source: "Netlify docs, Deploy notifications: payload signature; trigger.dev source catalogue",
		Unsure: []string{"places of the event's facts", "retry"},
	}
}

func notionRow() Provider {
	return Provider{
		Name:  "notion",
		Title: "Notion",
		Docs:  "https://developers.notion.com/reference/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-notion-signature"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:workspace_id"},
			Subject: []string{"json:entity.id"},
		},
		Identity: Identity{
			Volatile: []string{"attempt_number"},
			Why:      "id is a UUID of the event, in the signed body, and the same at every try, which attempt_number counts.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "json:verification_token", Without: "header:x-notion-signature", Challenge: "json:verification_token", Unsigned: true, Setup: true}},
		Retry:        Retry{Max: 8, Span: 24 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "notion-api"},
		},
		Pitfalls: []string{
			"The secret (verification_token) arrives in an unsigned request when the subscription is made: take it only during set-up, and paste it into Notion.",
			"Deliveries tell what changed, not what it is now.",
		},
		Source: "NangoHQ/nango; Notion developer docs, Webhooks",
		Unsure: []string{"retry"},
	}
}

func oktaRow() Provider {
	return Provider{
		Name:  "okta",
		Title: "Okta event hooks",
		Docs:  "https://developer.okta.com/docs/concepts/event-hooks/",
		Schemes: []Scheme{{
			Name: "token", Kind: Token,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyText,
		}},
		Facts: Locators{
			ID:     []string{"json:eventId"},
			Time:   []TimeAt{{"json:eventTime", RFC3339}},
			Tenant: []string{"json:source"},
		},
		Batch: &Batch{At: "data.events", Facts: Locators{
			Type:    []string{"json:eventType"},
			Split:   SplitLastDot,
			ID:      []string{"json:uuid"},
			Time:    []TimeAt{{"json:published", RFC3339}},
			Subject: []string{"json:target.0.id"},
		}},
		Identity: Identity{
			Why: "uuid names each event of Okta's log.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "GET", When: "header:x-okta-verification-challenge", Challenge: "header:x-okta-verification-challenge", Answer: Answer{ContentType: "application/json", Body: `{"verification":{challenge|json}}`}, Unsigned: true}},
		Timeout:      3 * time.Second,
		Retry:        Retry{Max: 1, Note: "After a 5xx or a time-out; a 4xx loses the event for good."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would lose the event for good; a 503 is tried once more.",
		Ranges: []RangeList{{
			Name: "okta", URL: "https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json", Format: RangeJSON,
			Paths: []string{"*.ip_ranges"}, Docs: "https://help.okta.com/en-us/content/topics/security/ip-address-allow-listing.htm",
		}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The token is the value of the header Authorization as configured.",
			"A 4xx loses the event for good.",
			"Events may come twice and in any order; eventType of the envelope is always com.okta.event_hook.",
			"Nothing but the token proves the sender: whoever reads one delivery can forge others.",
		},
		Source: "okta-developer-docs repository, concepts/event-hooks",
	}
}

func onfidoRow() Provider {
	return Provider{
		Name:  "onfido",
		Title: "Onfido",
		Docs:  "https://documentation.onfido.com/#webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-sha2-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:payload.action"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:payload.object.completed_at_iso8601", RFC3339}},
			Tenant:  []string{"json:payload.resource_type"},
			Subject: []string{"json:payload.object.id"},
		},
		Identity: Identity{
			Why: "There is no id; the signed body holds the object, what happened to it and the time.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 5, Span: 37 * time.Hour, Note: "After 30 s, 2 and 15 minutes, 2 and 10 hours, and a day."},
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
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created_at", Seconds}},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 72 * time.Hour},
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

func paddleRow() Provider {
	return Provider{
		Name:  "paddle",
		Title: "Paddle Billing",
		Docs:  "https://developer.paddle.com/webhooks/signature-verification",
		Schemes: []Scheme{{
			Name: "h1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:paddle-signature", Timestamp: "pair:ts"},
			Layout: Pairs, Mark: "h1", Separator: ";", Encoding: Hex, Content: "{timestamp}:{body}",
			TimeUnit: Seconds, ToleranceSeconds: 5,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type"},
			Split:   SplitLastDot,
			ID:      []string{"json:event_id"},
			Time:    []TimeAt{{"json:occurred_at", RFC3339}},
			Tenant:  []string{"json:data.customer_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "event_id (evt_...) names the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Max: 60, Span: 72 * time.Hour, Note: "Live: 60 tries over 3 days; sandbox: 3 tries in 15 minutes."},
		Ranges:       []RangeList{paddleRanges("live", ""), paddleRanges("sandbox", "sandbox-")},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Paddle"},
		},
		Pitfalls: []string{
			"The secret is used as it is shown, pdl_ntfset_ included.",
			"Pairs are separated by semicolons, and a colon stands between time and body in the signed text.",
			"The tolerance of 5 s is that of Paddle's own library: raise it where clocks differ.",
			"notification_id names the delivery to one endpoint, event_id the event.",
		},
		Source: "paddle-node-sdk, webhooks-validator.ts and its tests (recomputed)",
		Unsure: []string{"retry"},
	}
}

func pagerdutyRow() Provider {
	return Provider{
		Name:  "pagerduty",
		Title: "PagerDuty",
		Docs:  "https://developer.pagerduty.com/docs/webhooks/webhook-signatures/",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-pagerduty-signature"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event.event_type"},
			Split:   SplitLastDot,
			ID:      []string{"json:event.id"},
			Time:    []TimeAt{{"json:event.occurred_at", RFC3339}},
			Tenant:  []string{"json:event.data.service.id"},
			Subject: []string{"json:event.data.id"},
		},
		Identity: Identity{
			Why: "event.id names the event, in the signed body, and the same at every try.",
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

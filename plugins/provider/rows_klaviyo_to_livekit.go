package provider

import "time"

func klaviyoRow() Provider {
	return Provider{
		Name:  "klaviyo",
		Title: "Klaviyo",
		Docs:  "https://developers.klaviyo.com/en/docs/working_with_system_webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:klaviyo-signature", Timestamp: "header:klaviyo-timestamp"},
			Encoding: Hex, Content: "{body}{timestamp}",
			TimeUnit: EitherUnit, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Tenant: []string{"json:meta.klaviyo_webhook_id", "header:klaviyo-webhook-id"},
		},
		Batch: &Batch{At: "data", Facts: Locators{
			Type:    []string{"json:topic"},
			ID:      []string{"json:topic + json:payload.data.id"},
			Subject: []string{"json:payload.data.id"},
		}},
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "An event has an id in its account, which the webhook's id stands for; both are in the signed body.",
		},
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
		Unsure: []string{"signed text: body, then timestamp", "unit of the timestamp: seconds and milliseconds are both taken", "places of the event's facts"},
	}
}

func lagoRow() Provider {
	return Provider{
		Name:  "lago",
		Title: "Lago",
		Docs:  "https://docs.getlago.com/guide/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-lago-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText,
		}, {
			Name: "jwt", Kind: JSONToken,
			Family: Family{Signature: "header:x-lago-signature"},
			Binds:  []Bind{{"claim:data", "{body}"}},
			Key:    KeyPEM,
			JWT:    JWT{Algorithms: []Algorithm{RS256}},
		}},
		Facts: Locators{
			Type:    []string{"json:webhook_type"},
			Split:   SplitLastDot,
			ID:      []string{"header:x-lago-unique-key"},
			Tenant:  []string{"json:organization_id"},
			Subject: []string{"json:invoice.lago_id", "json:customer.lago_id", "json:subscription.lago_id"},
		},
		Identity: Identity{
			Why: "X-Lago-Unique-Key is the same at every try and not signed; not all bodies hold a time, so that it counts beside the digest.",
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
			"Choose hmac as the endpoint's signature algorithm; jwt (scheme jwt) repeats the body in a header, which proxies cut at 8 KB.",
			"The key is the organisation's HMAC key, with jwt the public key of /webhooks/public_key.",
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
			Family:   Family{Signature: "header:x-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 6,
		}},
		Facts: Locators{
			Type:    []string{"json:meta.event_name", "header:x-event-name"},
			Time:    []TimeAt{{"json:data.attributes.updated_at", RFC3339}},
			Tenant:  []string{"json:data.attributes.store_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body is the resource with its updated_at in microseconds.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 3, Span: 3 * time.Minute, Note: "After 5, 25 and 125 s."},
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
			Family:   Family{Signature: "header:x-line-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText,
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
		Identity: Identity{
			Volatile: []string{"events.*.deliveryContext"},
			Why:      "webhookEventId is a ULID, in the signed body, and the same at a redelivery, which deliveryContext tells.",
		},
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

func linearRow() Provider {
	return Provider{
		Name:  "linear",
		Title: "Linear",
		Docs:  "https://linear.app/developers/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:linear-signature", Timestamp: "json:webhookTimestamp"},
			Encoding: Hex, Content: "{body}",
			TimeUnit: Milliseconds, ToleranceSeconds: 60,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type", "header:linear-event"},
			Action:  []string{"json:action"},
			ID:      []string{"header:linear-delivery"},
			Time:    []TimeAt{{"json:createdAt", RFC3339}},
			Tenant:  []string{"json:organizationId"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Content: true, Volatile: []string{"webhookTimestamp"},
			Why: "The body holds createdAt in milliseconds and the object with its updatedAt; webhookTimestamp is the time of the try, and Linear-Delivery is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Max: 3, Span: 426 * time.Minute, Note: "After 1 minute, 1 hour and 6 hours; an endpoint may be disabled."},
		Ranges: []RangeList{{
			Name: "linear", URL: "https://linear.app/.well-known/appspecific/app.linear.ips.json", Format: RangeJSON, Paths: []string{"ips"},
			Docs: "https://linear.app/developers/webhooks",
		}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"linear-delivery", "{id}"},
			{"linear-event", "{event}"},
			{"user-agent", "Linear-Webhook"},
		},
		Pitfalls: []string{
			"The time stands in the signed body (webhookTimestamp).",
			"The header Linear-Delivery is not signed.",
		},
		Source: "linear/linear, packages/sdk webhook tests; NangoHQ/nango",
		Unsure: []string{"retry"},
	}
}

func lithicRow() Provider {
	return Provider{
		Name:  "lithic",
		Title: "Lithic",
		Docs:  "https://docs.lithic.com/docs/events-api",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created", RFC3339}, {"json:timestamp", RFC3339}, {"json:created_at", RFC3339}},
			Subject: []string{"json:payload.token", "json:token"},
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
		Source: "lithic-node, webhook tests by the standardwebhooks package",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

func livekitRow() Provider {
	return Provider{
		Name:  "livekit",
		Title: "LiveKit",
		Docs:  "https://docs.livekit.io/home/server/webhooks/",
		Schemes: []Scheme{{
			Name: "jwt", Kind: JSONToken,
			Family: Family{Signature: "header:authorization"},
			Binds:  []Bind{{"claim:sha256", "{body|sha256|base64}"}},
			Key:    KeyText,
			JWT:    JWT{Algorithms: []Algorithm{HS256}, Issuers: []string{"{setting:api_key}"}, NeedExpiry: true},
		}},
		Settings: []Setting{{
			Name: "api_key", Doc: "The API key that belongs to the secret; it is the issuer of the token, and any is taken where it is not set.",
			Example: "APIoctoCorp17", Optional: true,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:createdAt", Seconds}},
			Tenant:  []string{"json:room.name"},
			Subject: []string{"json:room.sid"},
		},
		Identity: Identity{
			Why: "id (EV_...) names the event, in the body whose hash is signed.",
		},
		ContentTypes: []string{"application/webhook+json", "application/json"},
		Retry:        Retry{Note: "Tried again a few times."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/webhook+json"},
		},
		Pitfalls: []string{
			"The content type is application/webhook+json.",
			"The token stands in Authorization without the word Bearer.",
			"The key is the API secret, the issuer its API key.",
		},
		Source: "livekit/node-sdks, WebhookReceiver.ts and its test",
		Unsure: []string{"retry"},
	}
}

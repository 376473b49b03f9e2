package provider

import "time"

func chargebeeRow() Provider {
	return Provider{
		Name:  "chargebee",
		Title: "Chargebee",
		Docs:  "https://www.chargebee.com/docs/2.0/webhook_settings.html",
		Schemes: []Scheme{{
			Name: "basic", Kind: Basic,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyUser, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:occurred_at", Seconds}},
			Subject: []string{"json:content.customer.id", "json:content.subscription.customer_id", "json:content.invoice.customer_id"},
		},
		Identity: Identity{
			Scope: ScopeRoute, Volatile: []string{"webhook_status", "webhooks"},
			Why: "id is unique in the site, and one site delivers to a route; webhook_status and webhooks tell of the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      20 * time.Second,
		Retry:        Retry{Max: 7, Span: 48 * time.Hour, Note: "After 2 minutes first."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: basic authentication over HTTPS is all there is.",
			"The secret is user:password as entered in the webhook's settings.",
		},
		Source: "hookdeck/webhook-skills, chargebee; chargebee-node test/webhook.test.ts",
		Unsure: []string{"retry", "time-out"},
	}
}

func checkoutComRow() Provider {
	return Provider{
		Name:  "checkout-com",
		Title: "Checkout.com",
		Docs:  "https://www.checkout.com/docs/developer-resources/event-notifications/receive-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:cko-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_on", RFC3339}},
			Tenant:  []string{"json:data.processing_channel_id", "json:source_type"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "id (evt_...) is unique at Checkout.com, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "Several tries with growing pauses."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"A real delivery once held malformed JSON: such a body is refused as malformed, and its raw bytes can be kept.",
			"The header authorization holds the authorisation key as well; it proves less than the signature and is not looked at.",
		},
		Source: "Checkout.com docs, Set up your webhook receiver (header, hash, encoding)",
		Unsure: []string{"retry", "time-out"},
	}
}

func circleciRow() Provider {
	return Provider{
		Name:  "circleci",
		Title: "CircleCI",
		Docs:  "https://circleci.com/docs/guides/integration/outbound-webhooks/",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:circleci-signature"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:type", "header:circleci-event-type"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:happened_at", RFC3339}},
			Tenant:  []string{"json:organization.id", "json:organization.name"},
			Subject: []string{"json:project.slug"},
		},
		Identity: Identity{
			Why: "id names the event, in the signed body: consumers are to tell doubles by it, says the documentation.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "A status that is no 2xx and a time-out are tried again later."},
		Sends: []Header{
			{"accept", "*/*"},
			{"circleci-event-type", "{event}"},
			{"content-type", "application/json"},
			{"user-agent", "CircleCI-Webhook/1.0"},
		},
		Pitfalls: []string{
			"The header is a list of versions, of which v1 is the only one so far; others are not looked at.",
		},
		Source: "circleci-docs repository, outbound-webhooks (four values recomputed)",
	}
}

func clerkRow() Provider {
	return Provider{
		Name:  "clerk",
		Title: "Clerk",
		Docs:  "https://clerk.com/docs/guides/development/webhooks/overview",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []Family{{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []TimeAt{{"json:timestamp", Milliseconds}, {"json:created_at", Milliseconds}},
			Tenant:  []string{"json:instance_id"},
			Subject: []string{"json:data.id"},
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
		Source: "clerk/javascript, packages/backend/src/webhooks.ts",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	}
}

func clickupRow() Provider {
	return Provider{
		Name:  "clickup",
		Title: "ClickUp",
		Docs:  "https://developer.clickup.com/docs/webhooksignature",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:event + json:history_items.0.id"},
			Time:    []TimeAt{{"json:history_items.0.date", Milliseconds}},
			Tenant:  []string{"json:webhook_id"},
			Subject: []string{"json:task_id", "json:list_id", "json:folder_id", "json:space_id"},
		},
		Identity: Identity{
			None: true,
			Why:  "An item of the history has one id for each of the events that it causes, so that the name of the event belongs to the id; events of folders and spaces have neither item nor time, and two of them have one body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      7 * time.Second,
		Retry:        Retry{Max: 5, Note: "A webhook is suspended after 100 failed events."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The secret is webhook.secret of the create call's answer.",
		},
		Source: "ClickUp developer docs, Webhook signature",
		Unsure: []string{"retry"},
	}
}

func closeRow() Provider {
	return Provider{
		Name:  "close",
		Title: "Close",
		Docs:  "https://developer.close.com/topics/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:close-sig-hash", Timestamp: "header:close-sig-timestamp"},
			Encoding: Hex, Content: "{timestamp}{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyHex,
		}},
		Facts: Locators{
			Type:    []string{"json:event.object_type"},
			Action:  []string{"json:event.action"},
			ID:      []string{"json:event.id"},
			Time:    []TimeAt{{"json:event.date_created", RFC3339}},
			Tenant:  []string{"json:event.organization_id"},
			Subject: []string{"json:event.object_id"},
		},
		Identity: Identity{
			Why: "event.id (ev_...) is unique at Close, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 72 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signature key is hexadecimal and used decoded.",
		},
		Source: "trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func cloudeventsRow() Provider {
	return Provider{
		Name:  "cloudevents",
		Title: "CloudEvents HTTP webhook",
		Docs:  "https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md",
		Schemes: []Scheme{{
			Name: "bearer", Kind: Token,
			Family: Family{Signature: "header:authorization"},
			Mark:   "Bearer ",
			Key:    KeyText,
		}, {
			Name: "query", Kind: Token, Weak: true,
			Family: Family{Signature: "query:access_token"},
			Key:    KeyText,
		}},
		Settings: []Setting{{
			Name: "origin", Doc: "The one origin (WebHook-Request-Origin) that may deliver; any may ask where it is not set, and still needs the secret to deliver.",
			Example: "eventgrid.azure.net", Optional: true,
		}},
		Facts: Locators{
			Type:    []string{"header:ce-type", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:ce-id", "json:id"},
			Time:    []TimeAt{{"header:ce-time", RFC3339}, {"json:time", RFC3339}},
			Tenant:  []string{"header:ce-source", "json:source"},
			Subject: []string{"header:ce-subject", "json:subject"},
		},
		Batch: &Batch{Unless: "header:ce-specversion", Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:time", RFC3339}},
			Tenant:  []string{"json:source"},
			Subject: []string{"json:subject"},
		}},
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "source with id is unique for each event (CloudEvents 1.0, id); the tenant is the source.",
		},
		ContentTypes: []string{"application/cloudevents+json", "application/json", "application/cloudevents-batch+json"},
		Handshakes:   []Handshake{{Method: "OPTIONS", When: "header:webhook-request-origin", Challenge: "header:webhook-request-origin", Token: "header:webhook-request-origin", TokenSetting: "origin", Answer: Answer{Headers: []Header{{"webhook-allowed-origin", "{challenge}"}}}, Grants: []Grant{{"header:webhook-request-rate", "webhook-allowed-rate"}}, Unsigned: true}},
		Retry:        Retry{Note: "Up to the sender: 429 with Retry-After is respected, 410 ends the subscription, 415 is not tried again."},
		On429:        "Respected, with Retry-After.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/cloudevents+json"},
		},
		Pitfalls: []string{
			"An event is named by its source together with its id.",
			"In binary mode the event's attributes are headers (ce-*), which nothing signs.",
		},
		Source: "CloudEvents, HTTP 1.1 Web Hooks for Event Delivery 1.0",
	}
}

func cloudflareNotificationsRow() Provider {
	return Provider{
		Name:  "cloudflare-notifications",
		Title: "Cloudflare Notifications",
		Docs:  "https://developers.cloudflare.com/notifications/get-started/configure-webhooks/",
		Schemes: []Scheme{{
			Name: "token", Kind: Token,
			Family: Family{Signature: "header:cf-webhook-auth"},
			Key:    KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:alert_type"},
			Time:    []TimeAt{{"json:ts", Seconds}},
			Tenant:  []string{"json:account_id"},
			Subject: []string{"json:policy_id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time of the alert, its policy and what it is about; alert_correlation_id is that of several.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: the secret travels in a header of every delivery.",
			"A test message is sent when the destination is saved.",
			"alert_correlation_id is shared by the start and the end of an alert, so the id is made of the body.",
		},
		Source: "Cloudflare docs, Configure webhooks; trigger.dev source catalogue",
		Unsure: []string{"places of the event's facts", "retry"},
	}
}

package provider

import "time"

func helpscoutRow() Provider {
	return Provider{
		Name:  "helpscout",
		Title: "Help Scout",
		Docs:  "https://developer.helpscout.com/webhooks/",
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family:   Family{Signature: "header:x-helpscout-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-helpscout-event"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:userUpdatedAt", RFC3339}, {"json:createdAt", RFC3339}},
			Subject: []string{"json:id"},
		},
		Types: helpscoutTypes(),
		Identity: Identity{
			Why: "There is no id; the body is the resource with its times, so that what was signed, with the type, is the identity.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 10, Note: "With growing pauses, then the webhook is disabled."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-helpscout-event", "{event}"},
		},
		Pitfalls: []string{
			"HMAC with SHA-1 is all that is offered.",
			"The event name stands in a header, which the signature does not cover.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Help Scout developer docs, Webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func herokuRow() Provider {
	return Provider{
		Name:  "heroku",
		Title: "Heroku",
		Docs:  "https://devcenter.heroku.com/articles/app-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:heroku-webhook-hmac-sha256"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:webhook_metadata.event.include", "json:resource"},
			Action:  []string{"json:action"},
			ID:      []string{"json:webhook_metadata.delivery.id", "json:id"},
			Time:    []TimeAt{{"json:published_at", RFC3339}},
			Tenant:  []string{"json:data.app.name"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Volatile: []string{"webhook_metadata.attempt"},
			Why:      "webhook_metadata.delivery.id is a UUID, in the signed body, and the same at every try; attempt is that of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Tried again where the subscription's notify level is sync."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The secret is shown once, in the header Heroku-Webhook-Secret of the create call's answer, unless you set one.",
		},
		Source: "Heroku Dev Center, App webhooks",
		Unsure: []string{"retry", "time-out"},
	}
}

func hubspotRow() Provider {
	return Provider{
		Name:  "hubspot",
		Title: "HubSpot",
		Docs:  "https://developers.hubspot.com/docs/api/webhooks/validating-requests",
		Schemes: []Scheme{{
			Name: "v3", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-hubspot-signature-v3", Timestamp: "header:x-hubspot-request-timestamp"},
			Encoding: Base64, Content: "{method}{url|decode-hubspot}{body}{timestamp}",
			TimeUnit: Milliseconds, ToleranceSeconds: 300,
			Key: KeyText,
		}, {
			Name: "v2", Kind: Digest, Hash: SHA256, Weak: true, Companion: true,
			Family:   Family{Signature: "header:x-hubspot-signature"},
			Encoding: Hex, Content: "{key}{method}{url}{body}",
			Expect: []Expect{{"header:x-hubspot-signature-version", "v2"}},
			Key:    KeyText,
		}, {
			Name: "v1", Kind: Digest, Hash: SHA256, Weak: true,
			Family:   Family{Signature: "header:x-hubspot-signature"},
			Encoding: Hex, Content: "{key}{body}",
			Expect: []Expect{{"header:x-hubspot-signature-version", "v1"}},
			Key:    KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:subscriptionType"},
			Split:   SplitLastDot,
			Tenant:  []string{"json:origin.portalId"},
			Subject: []string{"json:object.objectId"},
		},
		Batch: &Batch{Facts: Locators{
			Type:    []string{"json:subscriptionType"},
			Split:   SplitLastDot,
			ID:      []string{"json:subscriptionId + json:eventId + json:occurredAt"}, // the body counts its attempts
			Time:    []TimeAt{{"json:occurredAt", Milliseconds}},
			Tenant:  []string{"json:portalId"},
			Subject: []string{"json:objectId"},
		}},
		Identity: Identity{
			Scope: ScopeTenant, Volatile: []string{"attemptNumber"},
			Why: "eventId alone need not be unique, say the docs: the subscription and the time are added, all of them in the signed body, within one portal; attemptNumber counts the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Max: 10, Span: 24 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signature covers the public URL: public_url must be the URL that was entered there.",
			"Deliveries carry the older X-HubSpot-Signature too, a bare hash that can be extended and signs no time: v1 and v2 count only where they are chosen and no v3 stands beside them.",
			"HubSpot decodes some percent-encoded characters of the URL before it signs, and so does the check.",
			"eventId is not unique, so the id is made of the delivery; attemptNumber counts up with every try, which is then another event.",
		},
		Source: "hubspot-api-nodejs, signature.ts and its tests; real deliveries",
		Unsure: []string{"retry", "list of decoded characters"},
	}
}

func huggingfaceRow() Provider {
	return Provider{
		Name:  "huggingface",
		Title: "Hugging Face",
		Docs:  "https://huggingface.co/docs/hub/webhooks",
		Schemes: []Scheme{{
			Name: "token", Kind: Token,
			Family: Family{Signature: "header:x-webhook-secret"},
			Key:    KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:event.scope"},
			Action:  []string{"json:event.action"},
			Tenant:  []string{"json:repo.owner.id"},
			Subject: []string{"json:repo.name"},
		},
		Identity: Identity{
			None: true,
			Why:  "A delivery has neither an id nor a time, so that a setting changed back and forth has one body twice; no retry is documented.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: the secret travels in a header of every delivery.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Hugging Face docs, Webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func incidentIoRow() Provider {
	return Provider{
		Name:  "incident-io",
		Title: "incident.io",
		Docs:  "https://docs.incident.io/integrations/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type: []string{"json:event_type", "json:type"},
			ID:   []string{"header:webhook-id", "header:svix-id"},
			Time: []TimeAt{{"json:timestamp", RFC3339}, {"json:created_at", RFC3339}},
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
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:category"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Subject: []string{"json:associated_object_id"},
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
		Source: "Increase client libraries, webhook unwrapping by Standard Webhooks",
		Unsure: []string{"retry", "older endpoints sign with Increase-Webhook-Signature, which is not looked at"},
	}
}

func intercomRow() Provider {
	return Provider{
		Name:  "intercom",
		Title: "Intercom",
		Docs:  "https://developers.intercom.com/docs/references/webhooks/webhook-models",
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family: Family{Signature: "header:x-hub-signature"},
			Mark:   "sha1=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:topic"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", Seconds}},
			Tenant:  []string{"json:app_id"},
			Subject: []string{"json:data.item.id"},
		},
		Identity: Identity{
			Volatile: []string{"delivery_attempts", "delivery_status"},
			Why:      "id (notif_...) names the notification, in the signed body; delivery_attempts and delivery_status are those of the try.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "HEAD", Unsigned: true}},
		Timeout:      5 * time.Second,
		Retry:        Retry{Max: 1, Span: time.Minute, Note: "After a minute; an endpoint that fails much is disabled, and 410 ends a subscription."},
		Ranges:       []RangeList{{Name: "intercom", Docs: "https://developers.intercom.com/docs/webhooks/setting-up-webhooks"}},
		On429:        "Slows deliveries down.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "intercom-webhooks/1.0"},
		},
		Pitfalls: []string{
			"HMAC with SHA-1 is all that is offered; the key is the app's client secret.",
			"A HEAD request checks the endpoint when it is saved; it is not signed.",
		},
		Source: "hookdeck intercom skill; trigger.dev source catalogue",
		Unsure: []string{"retry", "HEAD request"},
	}
}

func jiraRow() Provider {
	return Provider{
		Name:  "jira",
		Title: "Jira Cloud",
		Docs:  "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-hub-signature"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:webhookEvent"},
			ID:      []string{"header:x-atlassian-webhook-identifier"},
			Time:    []TimeAt{{"json:timestamp", Milliseconds}},
			Tenant:  []string{"json:issue.fields.project.key", "json:project.key"},
			Subject: []string{"json:issue.key", "json:project.key"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and the issue; X-Atlassian-Webhook-Identifier is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 5, Span: 75 * time.Minute, Note: "5 to 15 minutes apart, after 408, 409, 425, 429, a 5xx or no connection."},
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

package provider

import "time"

func loopsRow() Provider {
	return Provider{
		Name:  "loops",
		Title: "Loops",
		Docs:  "https://loops.so/docs/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:    []string{"json:eventName", "json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:eventTime", Seconds}, {"json:timestamp", RFC3339}, {"json:created_at", RFC3339}},
			Subject: []string{"json:contactIdentity.id"},
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
		Source: "Loops docs, Webhooks; trigger.dev source catalogue",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	}
}

func mailchimpRow() Provider {
	return Provider{
		Name:  "mailchimp",
		Title: "Mailchimp Marketing",
		Docs:  "https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/",
		Schemes: []Scheme{{
			Name: "query", Kind: Token,
			Family: Family{Signature: "query:secret"},
			Key:    KeyText,
		}},
		Facts: Locators{
			Type:    []string{"form:type"},
			Time:    []TimeAt{{"form:fired_at", DateTime}},
			Tenant:  []string{"form:data[list_id]"},
			Subject: []string{"form:data[id]", "form:data[email]"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The fields hold the time of the change, the list and the member.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Handshakes:   []Handshake{{Method: "GET", Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        Retry{Span: 20 * time.Hour, Note: "With growing pauses."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/x-www-form-urlencoded"},
			{"user-agent", "MailChimp"},
		},
		Pitfalls: []string{
			"Mailchimp does not sign: the secret is the query parameter secret of the callback URL; keep it out of access logs.",
			"A GET checks the endpoint when it is saved.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Mailchimp developer docs, Sync audience data with webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry", "the zone of fired_at, which is taken for UTC"},
	}
}

func mailersendRow() Provider {
	return Provider{
		Name:  "mailersend",
		Title: "MailerSend",
		Docs:  "https://developers.mailersend.com/api/v1/webhooks.html",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:type + json:data.id + json:created_at"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:domain_id"},
			Subject: []string{"json:data.email.id", "json:data.email.message.id"},
		},
		Identity: Identity{
			Why: "data.id names the activity, in the signed body; other events have there the id of what they are about, so that type and time are added.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      3 * time.Second,
		Retry:        Retry{Max: 2, Span: 2 * time.Minute, Note: "After 10 and 100 s."},
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

func mailgunRow() Provider {
	return Provider{
		Name:  "mailgun",
		Title: "Mailgun",
		Docs:  "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "json:signature.signature", Timestamp: "json:signature.timestamp"},
			Alternates: []Family{{Signature: "form:signature", Timestamp: "form:timestamp"}},
			Encoding:   Hex, Content: "{timestamp}{json:signature.token}",
			FormContent: "{timestamp}{form:token}", BodyUnsigned: true,
			TimeUnit: Seconds, ToleranceSeconds: 43200,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event-data.event", "form:event"},
			ID:      []string{"json:signature.token", "form:token"},
			Time:    []TimeAt{{"json:event-data.timestamp", Fraction}, {"form:timestamp", Fraction}},
			Tenant:  []string{"json:event-data.domain.name", "form:domain"},
			Subject: []string{"json:event-data.message.headers.message-id", "form:Message-Id"},
		},
		Identity: Identity{
			Why: "token is the one signed text that tells deliveries apart, and of the first try as far as is known; the id of the event stands in a body that nothing covers.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Status:       map[string]int{"policy_denied": 406},
		Retry:        Retry{Max: 7, Span: 486 * time.Minute, Note: "After 10, 10, 15 and 30 minutes, then 1, 2 and 4 hours. A 406 stops them."},
		On429:        "As any status but 406: tried again.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "mailgun/treq-15.3.0"},
		},
		Pitfalls: []string{
			"The signature covers the time and a token, and not the body: whoever has seen a delivery can send another body under it.",
			"The key is the HTTP webhook signing key, not the API key.",
			"The tolerance covers the eight hours of retries, whose signature may be that of the first try.",
			"Inbound routes with attachments post multipart forms: those are refused.",
			"A policy that denies answers 406, which stops the retries.",
		},
		Source: "mailgun-go, webhooks_test.go; django-anymail, mailgun view",
		Unsure: []string{"retry", "whether a retry is signed anew"},
	}
}

func mandrillRow() Provider {
	return Provider{
		Name:  "mandrill",
		Title: "Mailchimp Transactional (Mandrill)",
		Docs:  "https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/",
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family:   Family{Signature: "header:x-mandrill-signature"},
			Encoding: Base64, Content: "{url}{form-sorted}",
			Key: KeyText,
		}},
		Facts: Locators{
			FormJSON: "mandrill_events",
		},
		Batch: &Batch{Facts: Locators{
			Type:    []string{"json:event"},
			Time:    []TimeAt{{"json:ts", Seconds}},
			Tenant:  []string{"json:msg.subaccount"},
			Subject: []string{"json:msg._id"},
		}},
		Identity: Identity{
			Content: true,
			Why:     "A list of events is sent again as it was; each event holds its time and the id of its message.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Handshakes:   []Handshake{{Method: "HEAD", Unsigned: true}},
		Retry:        Retry{Note: "Several tries over some days."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/x-www-form-urlencoded"},
			{"user-agent", "Mandrill-Webhook/1.0"},
		},
		Pitfalls: []string{
			"The signature covers the URL as registered, its user and password included: public_url must be the URL that was entered there.",
			"A HEAD request checks the URL before there is a key; it is not signed.",
			"The first POST is a test without events, signed with the key test-webhook: it is refused, and the webhook works all the same.",
			"_id names the message, which all its events share, so the id is made of the delivery.",
		},
		Source: "django-anymail, mandrill view and its tests",
		Unsure: []string{"key of the first POST", "retry"},
	}
}

func mercadopagoRow() Provider {
	return Provider{
		Name:  "mercadopago",
		Title: "Mercado Pago",
		Docs:  "https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-signature", Timestamp: "pair:ts"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "[id:{query:data.id|lower};][request-id:{header:x-request-id};]ts:{timestamp};",
			BodyUnsigned: true,
			TimeUnit:     EitherUnit, ToleranceSeconds: 600,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:action"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:date_created", RFC3339}},
			Tenant:  []string{"json:user_id"},
			Subject: []string{"json:data.id", "query:data.id"},
		},
		Identity: Identity{
			Why: "id names the notification, in a body that the signature does not cover.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      22 * time.Second,
		Retry:        Retry{Span: 96 * time.Hour, Note: "Every 15 minutes, then less and less often, for days."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signature covers the data.id of the query, the request id and the time, and no body: fetch the resource.",
			"ts is in seconds or in milliseconds; both are taken.",
		},
		Source: "mercadopago/sdk-nodejs, src/utils/webhook",
		Unsure: []string{"time-out", "retry", "lower-casing of data.id", "tolerance"},
	}
}

func messagebirdRow() Provider {
	return Provider{
		Name:  "messagebird",
		Title: "MessageBird",
		Docs:  "https://developers.messagebird.com/api/#verifying-http-requests",
		Schemes: []Scheme{{
			Name: "jwt", Kind: JSONToken,
			Family: Family{Signature: "header:messagebird-signature-jwt"},
			Binds:  []Bind{{"claim:url_hash", "{url|sha256|hex}"}, {"claim:payload_hash", "{body|sha256|hex}"}},
			Key:    KeyText,
			JWT:    JWT{Algorithms: []Algorithm{HS256}, Issuers: []string{"MessageBird"}, NeedExpiry: true},
		}},
		Facts: Locators{
			Type:    []string{"json:type", "form:status"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:createdDatetime", RFC3339}},
			Tenant:  []string{"json:workspaceId"},
			Subject: []string{"json:conversation.id", "form:recipient"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body, whose hash is signed, holds the message, its status and a time.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Retry:        Retry{Max: 10},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The token covers the public URL: public_url must be the URL that was entered there.",
			"The key is the signing key of the developer settings.",
			"Events of one message share its id, so the id is made of the body.",
		},
		Source: "messagebird/go-rest-api, signature_jwt reference values (43 recomputed)",
		Unsure: []string{"places of the event's facts", "retry"},
	}
}

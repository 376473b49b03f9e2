package provider

import "time"

func twitchRow() Provider {
	return Provider{
		Name:  "twitch",
		Title: "Twitch EventSub",
		Docs:  "https://dev.twitch.tv/docs/eventsub/handling-webhook-events/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:twitch-eventsub-message-signature", Timestamp: "header:twitch-eventsub-message-timestamp", ID: "header:twitch-eventsub-message-id"},
			Mark:   "sha256=", Encoding: Hex, Content: "{id}{timestamp}{body}",
			TimeUnit: RFC3339, ToleranceSeconds: 600,
			Key: KeyText, KeyMin: 10,
		}},
		Facts: Locators{
			Type:    []string{"json:subscription.type", "header:twitch-eventsub-subscription-type"},
			Split:   SplitLastDot,
			ID:      []string{"header:twitch-eventsub-message-id"},
			Time:    []TimeAt{{"header:twitch-eventsub-message-timestamp", RFC3339}},
			Tenant:  []string{"json:event.broadcaster_user_id", "json:subscription.condition.broadcaster_user_id"},
			Subject: []string{"json:subscription.id"},
		},
		Identity: Identity{
			Why: "The message id is signed and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "header:twitch-eventsub-message-type", Is: "webhook_callback_verification", Challenge: "json:challenge", Answer: Answer{ContentType: "text/plain", Body: "{challenge}"}}},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "Failed deliveries are tried again; too many failures revoke the subscription."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"twitch-eventsub-message-retry", "0"},
			{"twitch-eventsub-message-type", "notification"},
			{"twitch-eventsub-subscription-type", "{event}"},
			{"twitch-eventsub-subscription-version", "1"},
		},
		Pitfalls: []string{
			"The secret has 10 to 100 ASCII characters.",
			"The answer to the verification must be the bare challenge.",
			"Revocations come as signed messages too (Twitch-Eventsub-Message-Type).",
		},
		Source: "twitchdev/eventsub-webhooks-node-sample; twurple, EventSubHttpBase (tolerance)",
		Unsure: []string{"time-out", "retry"},
	}
}

func typeformRow() Provider {
	return Provider{
		Name:  "typeform",
		Title: "Typeform",
		Docs:  "https://www.typeform.com/developers/webhooks/secure-your-webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:typeform-signature"},
			Mark:   "sha256=", Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type"},
			ID:      []string{"json:event_id"},
			Time:    []TimeAt{{"json:form_response.submitted_at", RFC3339}},
			Tenant:  []string{"json:form_response.form_id"},
			Subject: []string{"json:form_response.token"},
		},
		Identity: Identity{
			Why: "event_id is a ULID, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        Retry{Note: "Every 2 to 3 minutes for 10 h, then less often; 404 and 410 disable the webhook at once, and so does a day without a success."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Typeform Webhooks"},
		},
		Pitfalls: []string{
			"The prefix is sha256=, the encoding base64, not hexadecimal.",
		},
		Source: "hookdeck typeform skill; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func vapiRow() Provider {
	return Provider{
		Name:  "vapi",
		Title: "Vapi",
		Docs:  "https://docs.vapi.ai/server-url/server-authentication",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-vapi-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}, {
			Name: "token", Kind: Token, Weak: true,
			Family: Family{Signature: "header:x-vapi-secret"},
			Key:    KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:message.type"},
			Time:    []TimeAt{{"json:message.timestamp", Milliseconds}},
			Tenant:  []string{"json:message.assistant.id"},
			Subject: []string{"json:message.call.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and the call.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      20 * time.Second,
		Retry:        Retry{Note: "No retry."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"assistant-request and tool-calls want an answer with a body: send them elsewhere.",
			"The header X-Vapi-Secret only repeats the secret and must be chosen (scheme token).",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "trigger.dev source catalogue; Vapi docs, Server authentication",
		Unsure: []string{"time-out"},
	}
}

func vercelRow() Provider {
	return Provider{
		Name:  "vercel",
		Title: "Vercel",
		Docs:  "https://vercel.com/docs/webhooks",
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family:   Family{Signature: "header:x-vercel-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:createdAt", Milliseconds}},
			Tenant:  []string{"json:payload.team.id", "json:payload.user.id"},
			Subject: []string{"json:payload.project.id", "json:payload.deployment.id"},
		},
		Identity: Identity{
			Why: "id names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"HMAC with SHA-1 is all that is offered, without a prefix.",
		},
		Source: "hookdeck/webhook-skills, vercel; trigger.dev source catalogue",
		Unsure: []string{"retry", "time-out"},
	}
}

func viberRow() Provider {
	return Provider{
		Name:  "viber",
		Title: "Viber",
		Docs:  "https://developers.viber.com/docs/api/rest-bot-api/#callbacks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-viber-content-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Time:    []TimeAt{{"json:timestamp", Milliseconds}},
			Tenant:  []string{"json:chat_hostname"},
			Subject: []string{"json:sender.id", "json:user.id", "json:user_id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds, the token of the message and the user.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Messages are tried again."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the bot's authentication token.",
			"set_webhook sends the event webhook, which must get 200.",
			"Callbacks on one message share its message_token, so the id is made of the body.",
		},
		Source: "Viber REST API docs, Callbacks; viber-bot libraries",
		Unsure: []string{"retry"},
	}
}

func vonageRow() Provider {
	return Provider{
		Name:  "vonage",
		Title: "Vonage",
		Docs:  "https://developer.vonage.com/en/getting-started/concepts/webhooks",
		Schemes: []Scheme{{
			Name: "jwt", Kind: JSONToken,
			Family:   Family{Signature: "header:authorization", Timestamp: "claim:iat"},
			Mark:     "Bearer ",
			Binds:    []Bind{{"claim:payload_hash", "{body|sha256|hex}"}},
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText,
			JWT: JWT{Algorithms: []Algorithm{HS256}, Issuers: []string{"Vonage"}},
		}},
		Facts: Locators{
			Type:    []string{"json:status", "json:message_type", "json:type"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:api_key", "json:application_id"},
			Subject: []string{"json:message_uuid", "json:uuid"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body, whose hash is signed, holds the message, its status and the time.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the account's signature secret, and the algorithm HS256 only.",
			"Statuses of one message share its message_uuid, so the id is made of the body.",
		},
		Source: "vonage-node-sdk, packages/jwt; Vonage docs, Webhooks: Decoding signed webhooks",
		Unsure: []string{"retry", "tolerance: 5 minutes are customary"},
	}
}

func vonageSmsRow() Provider {
	return Provider{
		Name:    "vonage-sms",
		Title:   "Vonage SMS API",
		Docs:    "https://developer.vonage.com/en/getting-started/concepts/signing-messages",
		Methods: []string{"POST", "GET"},
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "form:sig", Timestamp: "form:timestamp"},
			Alternates: []Family{{Signature: "query:sig", Timestamp: "query:timestamp"}},
			Encoding:   HexAny, Content: "{params-sorted}",
			TimeUnit: Seconds, ToleranceSeconds: 86400, // the span of the retries, whose time may be that of the first try
			Key: KeyText,
		}, {
			Name: "sha512", Kind: HMAC, Hash: SHA512,
			Family:     Family{Signature: "form:sig", Timestamp: "form:timestamp"},
			Alternates: []Family{{Signature: "query:sig", Timestamp: "query:timestamp"}},
			Encoding:   HexAny, Content: "{params-sorted}",
			TimeUnit: Seconds, ToleranceSeconds: 86400, // the span of the retries, whose time may be that of the first try
			Key: KeyText,
		}, {
			Name: "sha1", Kind: HMAC, Hash: SHA1, Weak: true,
			Family:     Family{Signature: "form:sig", Timestamp: "form:timestamp"},
			Alternates: []Family{{Signature: "query:sig", Timestamp: "query:timestamp"}},
			Encoding:   HexAny, Content: "{params-sorted}",
			TimeUnit: Seconds, ToleranceSeconds: 86400, // the span of the retries, whose time may be that of the first try
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"form:status", "query:status", "text:inbound"},
			Time:    []TimeAt{{"form:message-timestamp", DateTime}, {"query:message-timestamp", DateTime}},
			ID:      []string{"form:messageId + form:status", "form:messageId", "query:messageId + query:status", "query:messageId"},
			Tenant:  []string{"form:api-key", "query:api-key"},
			Subject: []string{"form:messageId", "query:messageId", "form:msisdn", "query:msisdn"},
		},
		Identity: Identity{
			Volatile: []string{"nonce", "sig", "timestamp"},
			Why:      "messageId names the message and is signed; each status of it has a receipt of its own. timestamp, nonce and sig are those of the try.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Retry:        Retry{Span: 24 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/x-www-form-urlencoded"},
		},
		Pitfalls: []string{
			"Choose SHA-256 or SHA-512 HMAC as the account's signature method: the MD5 methods are not accepted.",
			"The key is the account's signature secret.",
			"The tolerance covers the day of retries, whose timestamp may be that of the first try.",
			"Receipts of one message share its messageId: the id of a receipt is the messageId with the status.",
		},
		Source: "vonage-node-sdk, packages/sms (five methods recomputed); Vonage docs, Signing messages",
		Unsure: []string{"retry"},
	}
}

package provider

import "time"

func svixRow() Provider {
	return Provider{
		Name:  "svix",
		Title: "Svix",
		Docs:  "https://docs.svix.com/receiving/verifying-payloads/how-manual",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []Family{{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: Locators{
			Type:  []string{"json:type"},
			Split: SplitLastDot,
			ID:    []string{"header:svix-id", "header:webhook-id"},
			Time:  []TimeAt{{"header:svix-timestamp", Seconds}, {"header:webhook-timestamp", Seconds}},
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
		Source: "svix-webhooks, Go library tests and svix-server (recomputed)",
		Unsure: []string{"URL of the address ranges"},
	}
}

func tallyRow() Provider {
	return Provider{
		Name:  "tally",
		Title: "Tally",
		Docs:  "https://tally.so/help/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:tally-signature"},
			Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:eventType"},
			ID:      []string{"json:eventId"},
			Time:    []TimeAt{{"json:createdAt", RFC3339}},
			Tenant:  []string{"json:data.formId"},
			Subject: []string{"json:data.responseId"},
		},
		Identity: Identity{
			Why: "eventId is a UUID, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 5, Span: 1896 * time.Minute, Note: "After 5 and 30 minutes, 1 and 6 hours and a day."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Tally documents the signature over the body as JSON.stringify writes it, which is the body as it was sent.",
		},
		Source: "Tally help, Webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func telegramRow() Provider {
	return Provider{
		Name:  "telegram",
		Title: "Telegram Bot API",
		Docs:  "https://core.telegram.org/bots/api#setwebhook",
		Schemes: []Scheme{{
			Name: "token", Kind: Token,
			Family: Family{Signature: "header:x-telegram-bot-api-secret-token"},
			Key:    KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type: []string{
				"member:message", "member:edited_message", "member:channel_post", "member:edited_channel_post", "member:business_connection",
				"member:business_message", "member:edited_business_message", "member:deleted_business_messages", "member:message_reaction",
				"member:message_reaction_count", "member:inline_query", "member:chosen_inline_result", "member:callback_query", "member:shipping_query",
				"member:pre_checkout_query", "member:purchased_paid_media", "member:poll", "member:poll_answer", "member:my_chat_member",
				"member:chat_member", "member:chat_join_request", "member:chat_boost", "member:removed_chat_boost", "text:update",
			},
			ID:      []string{"json:update_id"},
			Time:    []TimeAt{{"json:message.date", Seconds}, {"json:edited_message.date", Seconds}, {"json:channel_post.date", Seconds}, {"json:callback_query.message.date", Seconds}},
			Subject: []string{"json:message.chat.id", "json:edited_message.chat.id", "json:channel_post.chat.id", "json:callback_query.message.chat.id", "json:my_chat_member.chat.id"},
		},
		Identity: Identity{
			Scope: ScopeRoute,
			Why:   "update_id counts for one bot, and a route is for one bot.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 24 * time.Hour, Note: "Tried again a reasonable number of times; updates are kept for 24 h."},
		Ranges:       []RangeList{{Name: "telegram", Docs: "https://core.telegram.org/bots/webhooks"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The token is the secret_token given to setWebhook: letters, digits, _ and -, up to 256.",
			"There is no signature: the token travels in a header of every delivery.",
			"Ports 443, 80, 88 and 8443 only.",
			"An update names its kind by the key beside update_id; the event is always update.",
		},
		Source: "Telegram Bot API, setWebhook; trigger.dev source catalogue (header)",
		Unsure: []string{"retry"},
	}
}

func telnyxRow() Provider {
	return Provider{
		Name:  "telnyx",
		Title: "Telnyx",
		Docs:  "https://developers.telnyx.com/docs/voice/programmable-voice/voice-api-webhooks",
		Schemes: []Scheme{{
			Name: "ed25519", Kind: Ed25519,
			Family:   Family{Signature: "header:telnyx-signature-ed25519", Timestamp: "header:telnyx-timestamp"},
			Encoding: Base64, Content: "{timestamp}|{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64,
		}},
		Facts: Locators{
			Type:    []string{"json:data.event_type"},
			Split:   SplitLastDot,
			ID:      []string{"json:data.id"},
			Time:    []TimeAt{{"json:data.occurred_at", RFC3339}},
			Tenant:  []string{"json:data.payload.connection_id"},
			Subject: []string{"json:data.payload.call_control_id", "json:data.payload.id"},
		},
		Identity: Identity{
			Volatile: []string{"meta.attempt", "meta.delivered_to"},
			Why:      "data.id is a UUID of the event, in the signed body; meta tells of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 3, Note: "On each of the primary and the failover URL."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the account's public key, 32 bytes in base64.",
		},
		Source: "telnyx-node, src/lib/webhooks.ts",
		Unsure: []string{"retry"},
	}
}

func terraformCloudRow() Provider {
	return Provider{
		Name:  "terraform-cloud",
		Title: "HCP Terraform notifications",
		Docs:  "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations",
		Schemes: []Scheme{{
			Name: "sha512", Kind: HMAC, Hash: SHA512,
			Family:   Family{Signature: "header:x-tfe-notification-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:notifications.0.trigger"},
			Split:   SplitLastColon,
			Time:    []TimeAt{{"json:notifications.0.run_updated_at", RFC3339}},
			Tenant:  []string{"json:organization_name"},
			Subject: []string{"json:run_id", "json:workspace_id"},
		},
		Batch: &Batch{At: "notifications"},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the run, what happened to it and when.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "Not tried again after the verification."},
		Ranges: []RangeList{{
			Name: "terraform-cloud", URL: "https://app.terraform.io/api/meta/ip-ranges", Format: RangeJSON, Paths: []string{"notifications"},
			Docs: "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/ip-ranges",
		}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signature is HMAC with SHA-512.",
			"Saving a configuration sends a verification, which must get a 2xx.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "HashiCorp docs, Notification configurations API",
		Unsure: []string{"retry"},
	}
}

func trelloRow() Provider {
	return Provider{
		Name:  "trello",
		Title: "Trello",
		Docs:  "https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/",
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family:   Family{Signature: "header:x-trello-webhook"},
			Encoding: Base64, Content: "{body}{url}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:action.type"},
			ID:      []string{"json:action.id"},
			Time:    []TimeAt{{"json:action.date", RFC3339}},
			Tenant:  []string{"json:model.id"},
			Subject: []string{"json:action.data.card.id", "json:action.data.board.id"},
		},
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "action.id is unique at Trello, in the signed body; each model with a webhook has a delivery of the action.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "HEAD", Unsigned: true}},
		Retry:        Retry{Max: 3, Span: 216 * time.Second, Note: "After 30, 60 and 120 s; a webhook that fails for 30 days is disabled."},
		Ranges:       []RangeList{{Name: "trello", Docs: "https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signature covers the body and then the callback URL as registered: public_url must be the URL that was entered there.",
			"The key is the application's OAuth secret.",
			"A HEAD request checks the endpoint when the webhook is made; it is not signed.",
			"An answer of 410 deletes the webhook.",
		},
		Source: "Atlassian developer docs, Trello webhooks (HEAD); hookdeck trello skill (signature)",
		Unsure: []string{"retry"},
	}
}

func twilioRow() Provider {
	return Provider{
		Name:    "twilio",
		Title:   "Twilio",
		Docs:    "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
		Methods: []string{"POST", "GET"},
		Schemes: []Scheme{{
			Name: "sha1", Kind: HMAC, Hash: SHA1,
			Family:   Family{Signature: "header:x-twilio-signature"},
			Encoding: Base64, Content: "{url}",
			FormContent: "{url}{form-sorted}", Binds: []Bind{{"query:bodySHA256", "{body|sha256|hex}"}},
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"form:EventType", "form:StatusCallbackEvent", "form:MessageStatus", "form:SmsStatus", "form:CallStatus", "json:EventType"},
			ID:      []string{"header:i-twilio-idempotency-token"},
			Tenant:  []string{"form:AccountSid", "query:AccountSid"},
			Subject: []string{"form:MessageSid", "form:SmsSid", "form:CallSid", "form:ConversationSid"},
		},
		Identity: Identity{
			Why: "I-Twilio-Idempotency-Token is the same at every try and not signed; a call that does one thing twice has one form twice, so that it counts beside the digest.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded", "application/json"},
		Success:      Answer{ContentType: "text/xml", Body: "<Response></Response>"},
		Timeout:      15 * time.Second,
		Retry:        Retry{Note: "Messaging and voice call the fallback URL; connection overrides in the URL (#rc=2) add tries; status callbacks are not tried again in general."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/x-www-form-urlencoded"},
			{"i-twilio-idempotency-token", "{id}"},
			{"user-agent", "TwilioProxy/1.1"},
		},
		Pitfalls: []string{
			"The signature covers the public URL with its query: public_url must be the URL that was entered there. This is why most verifications fail.",
			"The key is the account's auth token; during a promotion the secondary one signs.",
			"The signature covers no time: the idempotency token stops replays, and it is not signed.",
			"The answer is an empty TwiML document: replies to messages and calls are not made here.",
		},
		Source: "twilio-python, request_validator and its tests (recomputed); twilio-node issues 321 and 505, twilio-python issues 392 and 751",
		Unsure: []string{"retry", "time-out"},
	}
}

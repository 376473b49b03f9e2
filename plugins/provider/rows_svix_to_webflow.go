package provider

import "time"

func svixRow() Provider {
	return Provider{
		Name:  "svix",
		Title: "Svix",
		Docs:  "https://docs.svix.com/receiving/verifying-payloads/how-manual",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Header: "svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []Family{{Header: "webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, Tolerance: 300 * time.Second,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			Type:  []string{"json:type"},
			Split: SplitLastDot,
			ID:    []string{"header:svix-id", "header:webhook-id"},
			Time:  []TimeAt{{"header:svix-timestamp", Seconds}, {"header:webhook-timestamp", Seconds}},
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
			Family: Family{Header: "tally-signature"},
			Layout: Single, Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:eventType"},
			ID:      []string{"json:eventId"},
			Time:    []TimeAt{{"json:createdAt", RFC3339}},
			Tenant:  []string{"json:data.formId"},
			Subject: []string{"json:data.responseId"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 5, Span: 1896 * time.Minute, Note: "Five more tries, after 5 and 30 minutes, 1 and 6 hours and a day."},
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

func terraformCloudRow() Provider {
	return Provider{
		Name:  "terraform-cloud",
		Title: "HCP Terraform notifications",
		Docs:  "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations",
		Schemes: []Scheme{{
			Name: "sha512", Kind: HMAC, Hash: SHA512,
			Family: Family{Header: "x-tfe-notification-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:notifications.0.trigger"},
			Split:   SplitLastColon,
			Time:    []TimeAt{{"json:notifications.0.run_updated_at", RFC3339}},
			Tenant:  []string{"json:organization_name"},
			Subject: []string{"json:run_id", "json:workspace_id"},
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

func typeformRow() Provider {
	return Provider{
		Name:  "typeform",
		Title: "Typeform",
		Docs:  "https://www.typeform.com/developers/webhooks/secure-your-webhooks/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "typeform-signature"},
			Layout: Single, Mark: "sha256=", Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:event_type"},
			ID:      []string{"json:event_id"},
			Time:    []TimeAt{{"json:form_response.submitted_at", RFC3339}},
			Tenant:  []string{"json:form_response.form_id"},
			Subject: []string{"json:form_response.token"},
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
			Family: Family{Header: "x-vapi-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:message.type"},
			Time:    []TimeAt{{"json:message.timestamp", Milliseconds}},
			Tenant:  []string{"json:message.assistant.id"},
			Subject: []string{"json:message.call.id"},
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
			Family: Family{Header: "x-vercel-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:createdAt", Milliseconds}},
			Tenant:  []string{"json:payload.team.id", "json:payload.user.id"},
			Subject: []string{"json:payload.project.id", "json:payload.deployment.id"},
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "Backs off for up to 24 h."},
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
			Family: Family{Header: "x-viber-content-signature"},
			Layout: Single, Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Time:    []TimeAt{{"json:timestamp", Milliseconds}},
			Tenant:  []string{"json:chat_hostname"},
			Subject: []string{"json:sender.id", "json:user.id", "json:user_id"},
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

func webflowRow() Provider {
	return Provider{
		Name:  "webflow",
		Title: "Webflow",
		Docs:  "https://developers.webflow.com/data/docs/working-with-webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-webflow-signature", Timestamp: "header:x-webflow-timestamp"},
			Layout: Single, Encoding: Hex, Content: "{timestamp}:{body}",
			TimeUnit: Milliseconds, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:triggerType"},
			Time:    []TimeAt{{"json:payload.submittedAt", RFC3339}, {"json:payload.lastPublished", RFC3339}},
			Tenant:  []string{"json:payload.siteId"},
			Subject: []string{"json:payload.formId", "json:payload.pageId", "json:payload.id"},
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 3, Span: 30 * time.Minute, Note: "Three tries, 10 minutes apart."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Webhooks made in the dashboard are not signed: make them through the API.",
			"The key is the app's client secret, or the webhook's own secret since 2025.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "hookdeck/webhook-skills, webflow; Webflow developer docs, Request signatures",
		Unsure: []string{"retry"},
	}
}

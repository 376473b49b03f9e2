package provider

import "time"

func discourseRow() Provider {
	return Provider{
		Name:  "discourse",
		Title: "Discourse",
		Docs:  "https://meta.discourse.org/t/configure-webhooks/49045",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-discourse-event-signature"},
			Mark:   "sha256=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"header:x-discourse-event"},
			ID:      []string{"header:x-discourse-event-id"},
			Tenant:  []string{"header:x-discourse-instance"},
			Subject: []string{"json:topic.id", "json:post.id", "json:user.id"},
		},
		Types: discourseTypes(),
		Identity: Identity{
			Scope: ScopeTenant,
			Why:   "X-Discourse-Event-Id counts in one forum, which X-Discourse-Instance names; neither is signed, and a topic that is closed twice can have one body twice.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Forms:        []Format{FormatJSON}, // also where a hook is set to the form's content type
		Retry:        Retry{Max: 4, Span: 156 * time.Minute, Note: "Off by default; else four tries after 1, 5, 25 and 125 minutes, and 404 or 410 at the last one deactivates the webhook."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Discourse/3.5"},
			{"x-discourse-event", "{event}"},
			{"x-discourse-event-id", "{id}"},
			{"x-discourse-event-type", "topic"},
			{"x-discourse-instance", "https://forum.octo-corp.example"},
		},
		Pitfalls: []string{
			"A webhook may say that its body is form-encoded although it is JSON: choose application/json in its settings.",
			"X-Discourse-Event-Id counts within one instance.",
			"The signature covers no header: event, id and instance are unsigned.",
		},
		Source: "discourse/discourse, emit_web_hook_event.rb",
	}
}

func dockerHubRow() Provider {
	return Provider{
		Name:  "docker-hub",
		Title: "Docker Hub",
		Docs:  "https://docs.docker.com/docker-hub/repos/manage/webhooks/",
		Schemes: []Scheme{{
			Name: "query", Kind: Token,
			Family: Family{Signature: "query:secret"},
			Key:    KeyText,
		}},
		Facts: Locators{
			Type:    []string{"text:push"},
			Time:    []TimeAt{{"json:push_data.pushed_at", Seconds}},
			Tenant:  []string{"json:repository.namespace"},
			Subject: []string{"json:repository.repo_name"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time of the push with the tag, and an address of its own for calling back.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Docker Hub does not sign: the secret is the query parameter secret of the webhook's URL; keep it out of access logs.",
			"Never call callback_url without checking its host.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "go-playground/webhooks, docker payload; Docker docs, Webhooks",
		Unsure: []string{"retry"},
	}
}

func docusignRow() Provider {
	return Provider{
		Name:  "docusign",
		Title: "DocuSign Connect",
		Docs:  "https://developers.docusign.com/platform/webhooks/connect/validate",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-docusign-signature"},
			Layout: Numbered, Encoding: Base64, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:data.envelopeId + json:event + json:generatedDateTime"}, // the body counts its attempts
			Time:    []TimeAt{{"json:generatedDateTime", RFC3339}},
			Tenant:  []string{"json:data.accountId"},
			Subject: []string{"json:data.envelopeId"},
		},
		Identity: Identity{
			Volatile: []string{"retryCount"},
			Why:      "An envelope has each status at one time, which the signed body holds; retryCount counts the tries. XML deliveries are known by what was signed.",
		},
		ContentTypes: []string{"application/json", "text/xml"},
		Timeout:      100 * time.Second,
		Retry:        Retry{Span: 360 * time.Hour, Note: "With growing pauses."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"Each active key signs, one numbered header each; any of them proves the sender, and all that are sent are looked at.",
			"The signature covers the line ends of the body.",
		},
		Source: "DocuSign developer docs, Validate HMAC; hookdeck docusign skill",
		Unsure: []string{"retry", "time-out"},
	}
}

func dropboxRow() Provider {
	return Provider{
		Name:  "dropbox",
		Title: "Dropbox",
		Docs:  "https://www.dropbox.com/developers/reference/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-dropbox-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"text:list_folder"},
			Tenant:  []string{"json:list_folder.accounts.0"},
			Subject: []string{"json:list_folder.accounts.0"},
		},
		Batch: &Batch{At: "list_folder.accounts"},
		Identity: Identity{
			None: true,
			Why:  "A delivery names accounts whose files changed, and nothing else: the next change has the same body.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "GET", When: "query:challenge", Challenge: "query:challenge", Answer: Answer{ContentType: "text/plain", Headers: []Header{{"x-content-type-options", "nosniff"}}, Body: "{challenge}"}, Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        Retry{Note: "Backs off; an endpoint that fails a lot is disabled."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "DropboxWebhooks/1.0"},
		},
		Pitfalls: []string{
			"A delivery names the accounts that changed and nothing else: list their folders. Each account becomes an event of its own, with the list delta.users of all.",
			"The key is the app secret.",
			"The GET that checks the endpoint is not signed.",
		},
		Source: "dropbox/mdwebhook, app.py; Dropbox docs, Webhooks",
		Unsure: []string{"retry", "time-out"},
	}
}

func duffelRow() Provider {
	return Provider{
		Name:  "duffel",
		Title: "Duffel",
		Docs:  "https://duffel.com/docs/guides/receiving-webhooks",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-duffel-signature", Timestamp: "pair:t"},
			Layout: Pairs, Mark: "v1", Encoding: Hex, Content: "{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Subject: []string{"json:data.object.id"},
		},
		Identity: Identity{
			Why: "id (eve_...) names the event, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Span: 72 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The secret is used as it is shown.",
			"The event ping.triggered tests an endpoint.",
		},
		Source: "Duffel guide, Receiving webhooks, as implemented by several receivers (header, signed text)",
		Unsure: []string{"retry", "tolerance: 5 minutes are customary"},
	}
}

func dwollaRow() Provider {
	return Provider{
		Name:  "dwolla",
		Title: "Dwolla",
		Docs:  "https://developers.dwolla.com/docs/balance/webhooks/process-validate",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-request-signature-sha-256"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:topic", "header:x-dwolla-topic"},
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:_links.account.href"},
			Subject: []string{"json:resourceId"},
		},
		Identity: Identity{
			Why: "id is a UUID of the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 8, Span: 72 * time.Hour, Note: "A subscription that fails 400 times in a day is paused."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"x-dwolla-topic", "{event}"},
		},
		Pitfalls: []string{
			"The header X-Dwolla-Topic is not signed: the topic of the body is used.",
		},
		Source: "Dwolla docs, Process and validate webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

func easypostRow() Provider {
	return Provider{
		Name:  "easypost",
		Title: "EasyPost",
		Docs:  "https://docs.easypost.com/guides/webhooks-guide",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-hmac-signature"},
			Mark:   "hmac-sha256-hex=", Encoding: Hex, Content: "{body}",
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:description"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:created_at", RFC3339}},
			Tenant:  []string{"json:user_id"},
			Subject: []string{"json:result.id"},
		},
		Identity: Identity{
			Volatile: []string{"status", "pending_urls", "completed_urls"},
			Why:      "id (evt_...) names the event, in the signed body; status, pending_urls and completed_urls tell how its delivery goes.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      7 * time.Second,
		Retry:        Retry{Max: 6},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "EasyPost/1.0"},
		},
		Pitfalls: []string{
			"EasyPost normalises the secret to NFKD: keep to ASCII, where that changes nothing.",
			"Numbers like 614.0 change when the body is written anew.",
		},
		Source: "easypost-node, src/utils/util.js and issue 467",
		Unsure: []string{"retry", "X-Hmac-Signature-V2, which is not looked at"},
	}
}

func ebayRow() Provider {
	return Provider{
		Name:  "ebay",
		Title: "eBay notifications",
		Docs:  "https://developer.ebay.com/marketplace-account-deletion",
		Schemes: []Scheme{{
			Name: "ecdsa", Kind: ECDSA, Hash: SHA1,
			Family: Family{Signature: "header:x-ebay-signature"},
			Layout: JSON64, Mark: "signature", Encoding: Base64, Content: "{body}",
			Key: KeyPEM,
		}},
		Settings: []Setting{{
			Name: "verification_token", Doc: "The verification token that was entered at eBay, 32 to 80 characters.",
			Secret: true, Example: "octo-corp-ebay-verification-token-0001",
		}},
		Facts: Locators{
			Type:    []string{"json:metadata.topic"},
			ID:      []string{"json:notification.notificationId"},
			Time:    []TimeAt{{"json:notification.eventDate", RFC3339}},
			Subject: []string{"json:notification.data.userId"},
		},
		Identity: Identity{
			Volatile: []string{"notification.publishAttemptCount", "notification.publishDate"},
			Why:      "notificationId is in the signed body and the same at every try; publishAttemptCount and publishDate are those of the try.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "GET", When: "query:challenge_code", Challenge: "query:challenge_code", Response: Response{Kind: Digest, Hash: SHA256, Encoding: Hex, Content: "{challenge}{setting:verification_token}{url|no-query}"}, Answer: Answer{ContentType: "application/json", Body: `{"challengeResponse":"{response}"}`}, Unsigned: true}},
		Status:       map[string]int{"signature_invalid": 412},
		Retry:        Retry{Span: 720 * time.Hour, Note: "An alert after 24 h."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The public key is answered by the Notification API (getPublicKey) under the kid in the header, which needs an access token: fetch it once and configure it; the PEM may stand on one line.",
			"The signature is ECDSA with SHA-1, which is all that eBay offers.",
			"Saving an endpoint sends a GET with challenge_code, answered with a hash over it, the verification token and the endpoint's URL: public_url must be the URL that was entered there.",
			"412 is the answer eBay's library gives where the signature is wrong.",
		},
		Source: "event-notification-nodejs-sdk, validator and test.json (recomputed)",
		Unsure: []string{"retry"},
	}
}

package provider

import "time"

func pandadocRow() Provider {
	return Provider{
		Name:  "pandadoc",
		Title: "PandaDoc",
		Docs:  "https://developers.pandadoc.com/docs/webhook-verification",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "query:signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{},
		Batch: &Batch{Facts: Locators{
			Type:    []string{"json:event"},
			Time:    []TimeAt{{"json:data.date_modified", RFC3339}},
			Subject: []string{"json:data.id"},
		}},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the document, its status and date_modified in microseconds.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      20 * time.Second,
		Retry:        Retry{Note: "Failed deliveries are tried again."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The signature is a query parameter: keep it out of access logs.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "PandaDoc developer docs, Webhook verification",
		Unsure: []string{"retry"},
	}
}

func paypalRow() Provider {
	return Provider{
		Name:  "paypal",
		Title: "PayPal",
		Docs:  "https://developer.paypal.com/api/rest/webhooks/rest/",
		Schemes: []Scheme{{
			Name: "certificate", Kind: RSA, Hash: SHA256,
			Family:   Family{Signature: "header:paypal-transmission-sig", Timestamp: "header:paypal-transmission-time"},
			Encoding: Base64, Content: "{header:paypal-transmission-id}|{timestamp}|{setting:webhook_id}|{body|crc32}",
			TimeUnit: RFC3339, ToleranceSeconds: 86400, // the most there is: a try may have the time of the first, for 3 days
			Expect: []Expect{{"header:paypal-auth-algo", "SHA256withRSA"}},
			Key:    KeyCertificate,
			Remote: &Remote{
				At:         "header:paypal-cert-url",
				Hosts:      []string{"api.paypal.com", "api.sandbox.paypal.com"},
				PathPrefix: "/v1/notifications/certs/",
				Form:       KeyCertificate,
				CertNames:  []string{"messageverificationcerts.paypal.com", "messageverificationcerts.sandbox.paypal.com"},
				Example:    "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-octo",
			},
		}},
		Settings: []Setting{{
			Name: "webhook_id", Doc: "The id of the webhook as PayPal's dashboard shows it; it is a part of what is signed.",
			Example: "8PT597110X687430LKGECATA",
		}},
		Facts: Locators{
			Type:    []string{"json:event_type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []TimeAt{{"json:create_time", RFC3339}},
			Tenant:  []string{"json:resource.payee.merchant_id"},
			Subject: []string{"json:resource.id"},
		},
		Identity: Identity{
			Why: "id (WH-...) names the event and is the same at every try; of the body the CRC-32 alone is signed, which is no hash.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 25, Span: 72 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"paypal-auth-algo", "SHA256withRSA"},
			{"paypal-auth-version", "v2"},
			{"paypal-transmission-id", "{id}"},
			{"paypal-transmission-time", "{time}"},
			{"user-agent", "PayPal/AUHD-1.0-1"},
		},
		Pitfalls: []string{
			"The id of the webhook (webhook_id) is signed and not sent: it must be configured.",
			"The signature covers the body through its CRC-32 only, which is no hash: whoever has seen a delivery can make other bodies of its CRC, so fetch what matters through the API.",
			"PayPal states no tolerance for the transmission time, and tries for 3 days: a delivery whose time is older than a day is refused.",
			"Instant Payment Notification is another protocol and not handled.",
		},
		Source: "PayPal-Python-SDK, notifications.py and its test value (recomputed with openssl); real deliveries",
		Unsure: []string{"retry", "whether a try has another transmission time"},
	}
}

func paystackRow() Provider {
	return Provider{
		Name:  "paystack",
		Title: "Paystack",
		Docs:  "https://paystack.com/docs/payments/webhooks/",
		Schemes: []Scheme{{
			Name: "sha512", Kind: HMAC, Hash: SHA512,
			Family:   Family{Signature: "header:x-paystack-signature"},
			Encoding: Hex, Content: "{body}",
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Split:   SplitLastDot,
			Time:    []TimeAt{{"json:data.paid_at", RFC3339}, {"json:data.created_at", RFC3339}},
			Tenant:  []string{"json:data.domain"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the transaction with its times, and each of its events happens once.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Max: 76, Span: 73 * time.Hour, Note: "Live: every 3 minutes for four tries, then hourly for 72 h; test mode: hourly for 10 h."},
		Ranges:       []RangeList{{Name: "paystack", Docs: "https://paystack.com/docs/payments/webhooks/"}},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is the secret API key of the mode (sk_live_ or sk_test_).",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Paystack docs, Webhooks, as quoted by client libraries (header, hash, key)",
		Unsure: []string{"retry"},
	}
}

func pipedriveRow() Provider {
	return Provider{
		Name:  "pipedrive",
		Title: "Pipedrive",
		Docs:  "https://pipedrive.readme.io/docs/guide-for-webhooks-v2",
		Schemes: []Scheme{{
			Name: "basic", Kind: Basic,
			Family: Family{Signature: "header:authorization"},
			Key:    KeyUser, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:meta.entity", "json:meta.object"},
			Action:  []string{"json:meta.action"},
			ID:      []string{"json:meta.correlation_id + json:meta.id"},
			Time:    []TimeAt{{"json:meta.timestamp", RFC3339}, {"json:meta.timestamp", Seconds}},
			Tenant:  []string{"json:meta.company_id"},
			Subject: []string{"json:meta.entity_id", "json:meta.id"},
		},
		Identity: Identity{
			Volatile: []string{"meta.attempt"},
			Why:      "correlation_id with id is unique; attempt counts the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 3, Span: 190 * time.Second, Note: "After 3, 30 and 150 s; an endpoint that fails is left out for 30 minutes."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: basic authentication over HTTPS is all there is.",
			"The secret is user:password as given with the webhook (http_auth_user, http_auth_password).",
			"The id is made of the body: a try again, whose attempt counts up, is another event.",
		},
		Source: "Pipedrive docs, Guide for webhooks v2; trigger.dev source catalogue; real payloads of version 1",
		Unsure: []string{"retry"},
	}
}

func plaidRow() Provider {
	return Provider{
		Name:  "plaid",
		Title: "Plaid",
		Docs:  "https://plaid.com/docs/api/webhooks/webhook-verification/",
		Schemes: []Scheme{{
			Name: "jwt", Kind: JSONToken,
			Family:   Family{Signature: "header:plaid-verification", Timestamp: "claim:iat"},
			Binds:    []Bind{{"claim:request_body_sha256", "{body|sha256|hex}"}},
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyJWKS,
			JWT: JWT{Algorithms: []Algorithm{ES256}},
		}},
		Facts: Locators{
			Type:    []string{"json:webhook_type"},
			Action:  []string{"json:webhook_code"},
			Tenant:  []string{"json:environment"},
			Subject: []string{"json:item_id"},
		},
		Identity: Identity{
			None: true,
			Why:  "Webhooks name an item whose data changed and have neither an id nor a time: the next change has the same body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 6, Span: 24 * time.Hour, Note: "Four times as far apart each time; they stop where more than 90 % are refused within a day."},
		Ranges:       []RangeList{{Name: "plaid", Docs: "https://plaid.com/docs/api/webhooks/"}},
		On429:        "Tried again, after Retry-After where that is below 4 h.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The key is answered by /webhook_verification_key/get under the kid of the token, which needs client id and secret: fetch it, and configure it as a JWK or a set of them.",
			"A new kid comes up when Plaid rotates keys: deliveries under an unknown one are refused.",
			"The hash covers the body as it was sent, indentation included.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "trigger.dev source catalogue; Plaid docs, Webhook verification",
		Unsure: []string{"retry"},
	}
}

func plivoRow() Provider {
	return Provider{
		Name:  "plivo",
		Title: "Plivo",
		Docs:  "https://www.plivo.com/docs/voice/concepts/signature-validation",
		Schemes: []Scheme{{
			Name: "v3", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-plivo-signature-v3"},
			Layout: List, Encoding: Base64, Content: "{plivo:x-plivo-signature-v3-nonce}",
			Key: KeyText,
		}, {
			Name: "v2", Kind: HMAC, Hash: SHA256, Weak: true,
			Family:   Family{Signature: "header:x-plivo-signature-v2"},
			Encoding: Base64, Content: "{url|no-query}{header:x-plivo-signature-v2-nonce}",
			BodyUnsigned: true,
			Key:          KeyText,
		}},
		Methods: []string{"POST", "GET"},
		Facts: Locators{
			Type:    []string{"form:Event", "form:CallStatus", "form:Status"},
			Tenant:  []string{"form:AuthID"},
			ID:      []string{"header:x-plivo-signature-v3-nonce", "header:x-plivo-signature-v2-nonce"},
			Subject: []string{"form:CallUUID", "form:MessageUUID"},
		},
		Identity: Identity{
			Scope: ScopeRoute,
			Why:   "The nonce is signed and made anew for each request; a call that does one thing twice has one form twice.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Retry:        Retry{Note: "A fallback URL is called where one is set."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/x-www-form-urlencoded"},
			{"x-plivo-signature-v2-nonce", "{id}"},
			{"x-plivo-signature-v3-nonce", "{id}"},
		},
		Pitfalls: []string{
			"Version 2 signs the URL and a nonce, and no body: whoever has seen a delivery can send another body under its signature. It must be chosen (scheme v2), and counts only without a version 3 beside it.",
			"The signature covers the public URL: public_url must be the URL that was entered there.",
			"The key is the account's auth token.",
			"Version 3 covers the fields of a form; a body that is no form is refused.",
			"A try with another nonce counts as another event, since a call that does one thing twice sends one form twice.",
		},
		Source: "plivo-python, plivo/utils/signature_v3.py, and its tests (version 2 recomputed)",
		Unsure: []string{"retry", "whether a try has another nonce"},
	}
}

func polarRow() Provider {
	return Provider{
		Name:  "polar",
		Title: "Polar",
		Docs:  "https://polar.sh/docs/integrate/webhooks/endpoints",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText, KeyMin: 8,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []TimeAt{{"json:timestamp", RFC3339}},
			Tenant:  []string{"json:data.organization_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        Retry{Max: 10},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key is the secret as it is shown, unlike with other senders of this format.",
		},
		Source: "polar-js, src/webhooks.ts",
		Unsure: []string{"retry", "time-out"},
	}
}

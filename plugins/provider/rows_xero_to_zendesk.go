package provider

import "time"

func xeroRow() Provider {
	return Provider{
		Name:  "xero",
		Title: "Xero",
		Docs:  "https://developer.xero.com/documentation/guides/webhooks/overview/",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-xero-signature"},
			Layout: Single, Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{},
		Batch: &Batch{At: "events", Facts: Locators{
			Type:    []string{"json:eventCategory"},
			Action:  []string{"json:eventType"},
			Tenant:  []string{"json:tenantId"},
			Subject: []string{"json:resourceId"},
		}},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Span: 24 * time.Hour, Note: "Growing pauses for up to 24 h, then the subscription is disabled."},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
		},
		Pitfalls: []string{
			"The intent to receive is some signed requests, a part of them wrongly: right ones must get 200 and wrong ones 401, within 5 s.",
			"Answers must set no cookies.",
			"Sequence numbers name no delivery, and entropy changes with every try: a try again counts as another event.",
		},
		Source: "NangoHQ/nango (header, encoding); Xero docs, Webhooks overview",
		Unsure: []string{"retry", "that the answer must have no body"},
	}
}

func zendeskRow() Provider {
	return Provider{
		Name:    "zendesk",
		Title:   "Zendesk",
		Docs:    "https://developer.zendesk.com/documentation/webhooks/verifying/",
		Methods: []string{"POST", "PUT", "PATCH"},
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family: Family{Header: "x-zendesk-webhook-signature", Timestamp: "header:x-zendesk-webhook-signature-timestamp"},
			Layout: Single, Encoding: Base64, Content: "{timestamp}{body}",
			TimeUnit: RFC3339, Tolerance: 300 * time.Second,
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id", "header:x-zendesk-webhook-invocation-id"},
			Time:    []TimeAt{{"json:time", RFC3339}},
			Tenant:  []string{"json:account_id", "header:x-zendesk-account-id"},
			Subject: []string{"json:subject"},
		},
		ContentTypes: []string{"application/json", "application/xml", "application/x-www-form-urlencoded"},
		Timeout:      12 * time.Second,
		Retry:        Retry{Max: 5, Note: "409: up to three tries; 429 and 503 with Retry-After below 60 s: three tries; a time-out: five. A circuit breaker opens at 70 % errors within 5 minutes."},
		On429:        "Tried again up to three times where Retry-After is below 60 s.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Zendesk Webhook"},
			{"x-zendesk-account-id", "123456"},
			{"x-zendesk-webhook-id", "01OCTO"},
			{"x-zendesk-webhook-invocation-id", "{id}"},
		},
		Pitfalls: []string{
			"Trigger and automation webhooks have bodies of your own making: give them type and id.",
			"Nothing stands between the time and the body in the signed text.",
		},
		Source: "Zendesk developer docs, Verifying webhook authenticity",
		Unsure: []string{"retry", "time-out", "tolerance: 5 minutes are customary"},
	}
}

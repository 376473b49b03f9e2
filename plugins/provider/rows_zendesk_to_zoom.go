package provider

import "time"

func zendeskRow() Provider {
	return Provider{
		Name:    "zendesk",
		Title:   "Zendesk",
		Docs:    "https://developer.zendesk.com/documentation/webhooks/verifying/",
		Methods: []string{"POST", "PUT", "PATCH"},
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:   Family{Signature: "header:x-zendesk-webhook-signature", Timestamp: "header:x-zendesk-webhook-signature-timestamp"},
			Encoding: Base64, Content: "{timestamp}{body}",
			TimeUnit: RFC3339, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:type"},
			Split:   SplitLastDot,
			ID:      []string{"json:id", "header:x-zendesk-webhook-invocation-id"},
			Time:    []TimeAt{{"json:time", RFC3339}},
			Tenant:  []string{"json:account_id", "header:x-zendesk-account-id"},
			Subject: []string{"json:subject"},
		},
		Identity: Identity{
			Why: "id names the event, in the signed body; a webhook of a trigger sends what its author wrote, and X-Zendesk-Webhook-Invocation-Id, which is not signed, counts beside the digest.",
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

func zoomRow() Provider {
	return Provider{
		Name:  "zoom",
		Title: "Zoom",
		Docs:  "https://developers.zoom.us/docs/api/webhooks/",
		Schemes: []Scheme{{
			Name: "v0", Kind: HMAC, Hash: SHA256,
			Family: Family{Signature: "header:x-zm-signature", Timestamp: "header:x-zm-request-timestamp"},
			Mark:   "v0=", Encoding: Hex, Content: "v0:{timestamp}:{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyText,
		}},
		Facts: Locators{
			Type:    []string{"json:event"},
			Split:   SplitLastDot,
			ID:      []string{"header:x-zm-trackingid"},
			Time:    []TimeAt{{"json:event_ts", Milliseconds}},
			Tenant:  []string{"json:payload.account_id"},
			Subject: []string{"json:payload.object.uuid", "json:payload.object.id"},
		},
		Identity: Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and what happened; x-zm-trackingid is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []Handshake{{Method: "POST", When: "json:event", Is: "endpoint.url_validation", Challenge: "json:payload.plainToken", Response: Response{Kind: HMAC, Hash: SHA256, Encoding: Hex, Content: "{challenge}"}, Answer: Answer{ContentType: "application/json", Body: `{"plainToken":{challenge|json},"encryptedToken":"{response}"}`}}},
		Timeout:      3 * time.Second,
		Retry:        Retry{Max: 3, Span: 126 * time.Minute, Note: "After about 5, 30 and 90 minutes, on a 5xx or a time-out."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Zoom Marketplace/1.0a"},
			{"x-zm-trackingid", "{id}"},
		},
		Pitfalls: []string{
			"The endpoint is validated again every 72 h.",
			"The key is the app's secret token, not the verification token.",
		},
		Source: "zoom/webhook-sample, index.js; elastic/beats tests (value of the validation recomputed); Zoom changelog (72 h)",
		Unsure: []string{"retry", "x-zm-trackingid as the id", "tolerance: 5 minutes are customary"},
	}
}

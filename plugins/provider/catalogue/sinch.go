package catalogue

import "webhookedge/plugins/provider/spec"

func sinchRow() spec.Provider {
	return spec.Provider{
		Name:  "sinch",
		Title: "Sinch Conversation",
		Docs:  "https://developers.sinch.com/docs/conversation/callbacks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-sinch-webhook-signature", Timestamp: "header:x-sinch-webhook-signature-timestamp"},
			Encoding: spec.Base64, Content: "{body}.{header:x-sinch-webhook-signature-nonce}.{timestamp}",
			Expect:   []spec.Expect{{At: "header:x-sinch-webhook-signature-algorithm", Is: "HmacSHA256"}},
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"member:message", "member:message_delivery_report", "member:event", "member:event_delivery_report"},
			Action:  []string{"json:message_delivery_report.status", "json:event_delivery_report.status"},
			ID:      []string{"json:message.id", "json:event.id"},
			Time:    []spec.TimeAt{{At: "json:event_time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:project_id"},
			Subject: []string{"json:app_id"},
		},
		Identity: spec.Identity{
			Why: "The id of a message or event is in the signed body; a delivery report has none and holds its time.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again.", Time: "How long the tries go on is not documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-sinch-webhook-signature-algorithm", Value: "HmacSHA256"},
			{Name: "x-sinch-webhook-signature-nonce", Value: "{id}"},
		},
		Pitfalls: []string{
			"The nonce is new at every try: it is signed, and no delivery id.",
			"A body names its event by the key that it has.",
		},
		Source: "Sinch developer docs, Callbacks: Validating callbacks; sinch-sdk-python; receivers in public repositories",
		Unsure: []string{"places of the event's facts", "retry", "tolerance: 5 minutes are customary"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func cashfreeRow() spec.Provider {
	return spec.Provider{
		Name:  "cashfree",
		Title: "Cashfree",
		Docs:  "https://www.cashfree.com/docs/api-reference/payments/latest/webhooks/overview",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-webhook-signature", Timestamp: "header:x-webhook-timestamp"},
			Encoding: spec.Base64, Content: "{timestamp}{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 3600,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Time:    []spec.TimeAt{{At: "json:event_time", Unit: spec.RFC3339}},
			Subject: []string{"json:data.payment.cf_payment_id", "json:data.refund.cf_refund_id", "json:data.settlement.cf_settlement_id", "json:data.order.order_id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the payment, its state and the time of the event.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 3, Span: 42 * time.Minute, Note: "The default: after 2, 10 and 30 minutes, where the answer is not 200; an endpoint may have another policy of up to ten."},
		Success:      spec.Answer{Status: 200},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-webhook-version", Value: "2025-01-01"},
		},
		Pitfalls: []string{
			"The key is the client secret of the app.",
			"Cashfree's library checks no time, and the docs do not say that a retry has a new one: an hour lets the last try of the default policy in, and the content's identity keeps a captured delivery from counting twice.",
			"Several payments of one order_id are several events: cf_payment_id tells them apart.",
		},
		Source: "cashfree-pg 6.0.6, dist/api.js (PGVerifyWebhookSignature); Cashfree docs, Webhooks and Reliability and operations",
		Unsure: []string{"unit of the time", "that a retry keeps its time"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func dodoPaymentsRow() spec.Provider {
	return spec.Provider{
		Name:  "dodo-payments",
		Title: "Dodo Payments",
		Docs:  "https://docs.dodopayments.com/developer-resources/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}, v1a("webhook")},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:business_id"},
			Subject: []string{"json:data.payment_id", "json:data.subscription_id", "json:data.refund_id", "json:data.dispute_id", "json:data.id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Max: 7, Span: 1656 * time.Minute, Note: "Svix's schedule: at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; an endpoint that fails for 5 days is disabled.", Time: eachTryIsSigned},
		Cutoff:       spec.Cutoff{Span: 120 * time.Hour},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"Events may come in any order: payout.failed after payout.success, and the other way round.",
			"A secret that was rotated stays valid for 24 h: configure both.",
		},
		Source: "dodopayments 2.52.0, resources/webhooks/webhooks.js (unwrap); Dodo Payments docs, Webhooks",
		Unsure: []string{"retry schedule: Svix's", "places of the subjects of some events"},
	}
}

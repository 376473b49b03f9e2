package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func razorpayRow() spec.Provider {
	return spec.Provider{
		Name:  "razorpay",
		Title: "Razorpay",
		Docs:  "https://razorpay.com/docs/webhooks/validate-test/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-razorpay-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 6,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:x-razorpay-event-id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.Seconds}},
			Tenant:  []string{"json:account_id"},
			Subject: []string{"json:payload.payment.entity.id", "json:payload.order.entity.id", "json:payload.subscription.entity.id", "json:payload.refund.entity.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds created_at and the entity, and each of its events happens once; X-Razorpay-Event-Id is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "With growing pauses from when the event was made, after anything but a 2xx; then the webhook is disabled."},
		Cutoff:       spec.Cutoff{Span: 24 * time.Hour},
		Ranges:       []spec.RangeList{{Name: "razorpay", Docs: "https://razorpay.com/docs/security/whitelists/"}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Razorpay-Webhook/v1"},
			{Name: "x-razorpay-event-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"After a change of the secret, retries of older events are still signed with the old one: keep both for a day.",
			"The signature does not cover x-razorpay-event-id.",
		},
		Source: "razorpay-node, test/utils (recomputed); Razorpay docs, Webhooks FAQ (old secret) and Best practices (24 hours, disabling)",
		Unsure: []string{"time-out"},
	}
}

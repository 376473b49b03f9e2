package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func razorpayRow() provider.Provider {
	return provider.Provider{
		Name:  "razorpay",
		Title: "Razorpay",
		Docs:  "https://razorpay.com/docs/webhooks/validate-test/",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-razorpay-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 6,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			Split:   provider.SplitLastDot,
			ID:      []string{"header:x-razorpay-event-id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.Seconds}},
			Tenant:  []string{"json:account_id"},
			Subject: []string{"json:payload.payment.entity.id", "json:payload.order.entity.id", "json:payload.subscription.entity.id", "json:payload.refund.entity.id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds created_at and the entity, and each of its events happens once; X-Razorpay-Event-Id is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        provider.Retry{Span: 24 * time.Hour, Note: "Then the webhook is disabled."},
		Ranges:       []provider.RangeList{{Name: "razorpay", Docs: "https://razorpay.com/docs/security/whitelists/"}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Razorpay-Webhook/v1"},
			{Name: "x-razorpay-event-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"After a change of the secret, retries of older events are still signed with the old one: keep both for a day.",
			"The signature does not cover x-razorpay-event-id.",
		},
		Source: "razorpay-node, test/utils (recomputed); Razorpay docs, Webhooks FAQ (old secret)",
		Unsure: []string{"retry", "time-out"},
	}
}

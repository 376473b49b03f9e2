package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func calendlyRow() provider.Provider {
	return provider.Provider{
		Name:  "calendly",
		Title: "Calendly",
		Docs:  "https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:calendly-webhook-signature", Timestamp: "pair:t"},
			Layout: provider.Pairs, Mark: "v1", Encoding: provider.Hex, Content: "{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 180,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			Split:   provider.SplitLastDot,
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:created_by"},
			Subject: []string{"json:payload.uri"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds created_at in microseconds and the URI of what it is about.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Span: 24 * time.Hour, Note: "Then the subscription is disabled."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signing key is optional when a subscription is made: without one deliveries are not signed, and are refused.",
			"The docs' example tolerates 3 minutes.",
		},
		Source: "Calendly developer docs, Webhook signatures; NangoHQ/nango",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func calendlyRow() spec.Provider {
	return spec.Provider{
		Name:  "calendly",
		Title: "Calendly",
		Docs:  "https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:calendly-webhook-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 180,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:created_by"},
			Subject: []string{"json:payload.uri"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds created_at in microseconds and the URI of what it is about.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "Then the subscription is disabled.", Time: "Calendly's docs refuse what is older than 3 minutes."},
		Cutoff:       spec.Cutoff{Span: 24 * time.Hour},
		Sends: []spec.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func chargebeeRow() provider.Provider {
	return provider.Provider{
		Name:  "chargebee",
		Title: "Chargebee",
		Docs:  "https://www.chargebee.com/docs/2.0/webhook_settings.html",
		Schemes: []provider.Scheme{{
			Name: "basic", Kind: provider.Basic,
			Family: provider.Family{Signature: "header:authorization"},
			Key:    provider.KeyUser, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event_type"},
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:occurred_at", Unit: provider.Seconds}},
			Subject: []string{"json:content.customer.id", "json:content.subscription.customer_id", "json:content.invoice.customer_id"},
		},
		Identity: provider.Identity{
			Scope: provider.ScopeRoute, Volatile: []string{"webhook_status", "webhooks"},
			Why: "id is unique in the site, and one site delivers to a route; webhook_status and webhooks tell of the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      20 * time.Second,
		Retry:        provider.Retry{Max: 7, Span: 48 * time.Hour, Note: "After 2 minutes first."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: basic authentication over HTTPS is all there is.",
			"The secret is user:password as entered in the webhook's settings.",
		},
		Source: "hookdeck/webhook-skills, chargebee; chargebee-node test/webhook.test.ts",
		Unsure: []string{"retry", "time-out"},
	}
}

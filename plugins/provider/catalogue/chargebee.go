package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func chargebeeRow() spec.Provider {
	return spec.Provider{
		Name:  "chargebee",
		Title: "Chargebee",
		Docs:  "https://www.chargebee.com/docs/2.0/webhook_settings.html",
		Schemes: []spec.Scheme{{
			Name: "basic", Kind: spec.Basic,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyUser, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:occurred_at", Unit: spec.Seconds}},
			Subject: []string{"json:content.customer.id", "json:content.subscription.customer_id", "json:content.invoice.customer_id"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute, Volatile: []string{"webhook_status", "webhooks"},
			Why: "id is unique in the site, and one site delivers to a route; webhook_status and webhooks tell of the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      20 * time.Second,
		Retry:        spec.Retry{Max: 7, Span: 48 * time.Hour, Note: "After 2 minutes first."},
		Sends: []spec.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func revenuecatRow() provider.Provider {
	return provider.Provider{
		Name:  "revenuecat",
		Title: "RevenueCat",
		Docs:  "https://www.revenuecat.com/docs/integrations/webhooks",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-revenuecat-webhook-signature", Timestamp: "pair:t"},
			Layout: provider.Pairs, Mark: "v1", Encoding: provider.Hex, Content: "{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}, {
			Name: "token", Kind: provider.Token, Weak: true,
			Family: provider.Family{Signature: "header:authorization"},
			Key:    provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event.type"},
			ID:      []string{"json:event.id"},
			Time:    []provider.TimeAt{{At: "json:event.event_timestamp_ms", Unit: provider.Milliseconds}},
			Tenant:  []string{"json:event.app_id"},
			Subject: []string{"json:event.app_user_id"},
		},
		Identity: provider.Identity{
			Why: "event.id is unique at RevenueCat and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      60 * time.Second,
		Retry:        provider.Retry{Max: 5, Span: 156 * time.Minute, Note: "After 5, 10, 20, 40 and 80 minutes."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Signing is an option of the webhook; without it the configured Authorization header is all there is (scheme token, which must be chosen).",
		},
		Source: "trigger.dev source catalogue; RevenueCat docs, Webhooks",
		Unsure: []string{"retry", "time-out"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func revenuecatRow() spec.Provider {
	return spec.Provider{
		Name:  "revenuecat",
		Title: "RevenueCat",
		Docs:  "https://www.revenuecat.com/docs/integrations/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-revenuecat-webhook-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 9360, AheadSeconds: 300,
			Key: spec.KeyText,
		}, {
			Name: "token", Kind: spec.Token, Weak: true,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.type"},
			ID:      []string{"json:event.id"},
			Time:    []spec.TimeAt{{At: "json:event.event_timestamp_ms", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:event.app_id"},
			Subject: []string{"json:event.app_user_id"},
		},
		Identity: spec.Identity{
			Why: "event.id is unique at RevenueCat and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      60 * time.Second,
		Retry:        spec.Retry{Max: 5, Span: 156 * time.Minute, Note: "After 5, 10, 20, 40 and 80 minutes.", Time: "RevenueCat checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
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

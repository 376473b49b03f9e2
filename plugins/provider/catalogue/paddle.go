package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func paddleRow() provider.Provider {
	return provider.Provider{
		Name:  "paddle",
		Title: "Paddle Billing",
		Docs:  "https://developer.paddle.com/webhooks/signature-verification",
		Schemes: []provider.Scheme{{
			Name: "h1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:paddle-signature", Timestamp: "pair:ts"},
			Layout: provider.Pairs, Mark: "h1", Separator: ";", Encoding: provider.Hex, Content: "{timestamp}:{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 5,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event_type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:event_id"},
			Time:    []provider.TimeAt{{At: "json:occurred_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.customer_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: provider.Identity{
			Why: "event_id (evt_...) names the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        provider.Retry{Max: 60, Span: 72 * time.Hour, Note: "Live: 60 tries over 3 days; sandbox: 3 tries in 15 minutes."},
		Ranges:       []provider.RangeList{paddleRanges("live", ""), paddleRanges("sandbox", "sandbox-")},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Paddle"},
		},
		Pitfalls: []string{
			"The secret is used as it is shown, pdl_ntfset_ included.",
			"Pairs are separated by semicolons, and a colon stands between time and body in the signed text.",
			"The tolerance of 5 s is that of Paddle's own library: raise it where clocks differ.",
			"notification_id names the delivery to one endpoint, event_id the event.",
		},
		Source: "paddle-node-sdk, webhooks-validator.ts and its tests (recomputed)",
		Unsure: []string{"retry"},
	}
}

// paddleRanges is Paddle's list of one environment.
func paddleRanges(environment, host string) provider.RangeList {
	return provider.RangeList{
		Name: "paddle-" + environment, URL: "https://" + host + "api.paddle.com/ips", Format: provider.RangeJSON, Paths: []string{"data.ipv4_cidrs"},
		Docs: "https://developer.paddle.com/webhooks/respond-to-webhooks",
	}
}

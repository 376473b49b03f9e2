package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func paddleRow() spec.Provider {
	return spec.Provider{
		Name:  "paddle",
		Title: "Paddle Billing",
		Docs:  "https://developer.paddle.com/webhooks/signature-verification",
		Schemes: []spec.Scheme{{
			Name: "h1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:paddle-signature", Timestamp: "pair:ts"},
			Layout: spec.Pairs, Mark: "h1", Separator: ";", Encoding: spec.Hex, Content: "{timestamp}:{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 5, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:event_id"},
			Time:    []spec.TimeAt{{At: "json:occurred_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.customer_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "event_id (evt_...) names the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 60, Span: 72 * time.Hour, Note: "Live: 60 tries over 3 days; sandbox: 3 tries in 15 minutes.", Time: "Paddle's own libraries refuse what is older than 5 s."},
		Ranges:       []spec.RangeList{paddleRanges("live", ""), paddleRanges("sandbox", "sandbox-")},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Paddle"},
		},
		Pitfalls: []string{
			"The secret is used as it is shown, pdl_ntfset_ included.",
			"Pairs are separated by semicolons, and a colon stands between time and body in the signed text.",
			"The tolerance of 5 s is that of Paddle's own library, which has no limit for a clock that is slow: here it may be 5 minutes behind.",
			"notification_id names the delivery to one endpoint, event_id the event.",
		},
		Source: "paddle-node-sdk, webhooks-validator.ts and its tests (recomputed); Paddle docs, Handle webhook delivery (5 s, 60 tries in 3 days)",
	}
}

// paddleRanges is Paddle's list of one environment.
func paddleRanges(environment, host string) spec.RangeList {
	return spec.RangeList{
		Name: "paddle-" + environment, URL: "https://" + host + "api.paddle.com/ips", Format: spec.RangeJSON, Paths: []string{"data.ipv4_cidrs"},
		Docs: "https://developer.paddle.com/webhooks/respond-to-webhooks",
	}
}

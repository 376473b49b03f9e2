package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func duffelRow() provider.Provider {
	return provider.Provider{
		Name:  "duffel",
		Title: "Duffel",
		Docs:  "https://duffel.com/docs/guides/receiving-webhooks",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-duffel-signature", Timestamp: "pair:t"},
			Layout: provider.Pairs, Mark: "v1", Encoding: provider.Hex, Content: "{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Subject: []string{"json:data.object.id"},
		},
		Identity: provider.Identity{
			Why: "id (eve_...) names the event, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Span: 72 * time.Hour},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret is used as it is shown.",
			"The event ping.triggered tests an endpoint.",
		},
		Source: "Duffel guide, Receiving webhooks, as implemented by several receivers (header, signed text)",
		Unsure: []string{"retry", "tolerance: 5 minutes are customary"},
	}
}

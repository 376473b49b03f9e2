package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func muxRow() provider.Provider {
	return provider.Provider{
		Name:  "mux",
		Title: "Mux",
		Docs:  "https://www.mux.com/docs/core/verify-webhook-signatures",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:mux-signature", Timestamp: "pair:t"},
			Layout: provider.Pairs, Mark: "v1", Encoding: provider.Hex, Content: "{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:environment.id"},
			Subject: []string{"json:object.id", "json:data.id"},
		},
		Identity: provider.Identity{
			Volatile: []string{"attempts"},
			Why:      "id is a UUID of the event, in the signed body; attempts lists the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        provider.Retry{Span: 24 * time.Hour},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Mux Webhooks"},
		},
		Pitfalls: []string{
			"Use the id of the event, not that of the object.",
		},
		Source: "mux-node-sdk, resources/webhooks; Mux docs, Verify webhook signatures",
		Unsure: []string{"retry"},
	}
}

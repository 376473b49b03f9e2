package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func muxRow() spec.Provider {
	return spec.Provider{
		Name:  "mux",
		Title: "Mux",
		Docs:  "https://www.mux.com/docs/core/verify-webhook-signatures",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:mux-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:environment.id"},
			Subject: []string{"json:object.id", "json:data.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"attempts"},
			Why:      "id is a UUID of the event, in the signed body; attempts lists the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour, Time: "Mux's own libraries refuse what is older than 5 minutes."},
		Sends: []spec.Header{
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

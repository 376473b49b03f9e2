package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func polarRow() provider.Provider {
	return provider.Provider{
		Name:  "polar",
		Title: "Polar",
		Docs:  "https://polar.sh/docs/integrate/webhooks/endpoints",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:     provider.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []provider.Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     provider.Versions, Mark: "v1", Encoding: provider.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.organization_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: provider.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Max: 10},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key is the secret as it is shown, unlike with other senders of this format.",
		},
		Source: "polar-js, src/webhooks.ts",
		Unsure: []string{"retry", "time-out"},
	}
}

package catalogue

import "webhookedge/plugins/provider"

func replicateRow() provider.Provider {
	return provider.Provider{
		Name:  "replicate",
		Title: "Replicate",
		Docs:  "https://replicate.com/docs/topics/webhooks/verify-webhook",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:     provider.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []provider.Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     provider.Versions, Mark: "v1", Encoding: provider.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: provider.Locators{
			Type:    []string{"text:prediction"},
			Action:  []string{"json:status"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []provider.TimeAt{{At: "json:completed_at", Unit: provider.RFC3339}, {At: "json:started_at", Unit: provider.RFC3339}, {At: "json:created_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:model"},
			Subject: []string{"json:id"},
		},
		Identity: provider.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "The final state is tried again with growing pauses; those on the way are not."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"A body is a prediction and names no event: its status stands in.",
		},
		Source: "replicate-javascript, index.test.ts (recomputed)",
		Unsure: []string{"retry"},
	}
}

package catalogue

import "webhookedge/plugins/provider"

func anthropicRow() provider.Provider {
	return provider.Provider{
		Name:  "anthropic",
		Title: "Anthropic",
		Docs:  "https://platform.claude.com/docs/en/managed-agents/webhooks",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:     provider.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []provider.Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     provider.Versions, Mark: "v1", Encoding: provider.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:data.type", "json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Subject: []string{"json:data.id"},
		},
		Identity: provider.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
		},
		Source: "anthropic-sdk-python, resources/beta/webhooks.py and its tests",
		Unsure: []string{"places of the event's facts", "retry", "timeout"},
	}
}

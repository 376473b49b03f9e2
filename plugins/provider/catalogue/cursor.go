package catalogue

import "webhookedge/plugins/provider"

func cursorRow() provider.Provider {
	return provider.Provider{
		Name:  "cursor",
		Title: "Cursor cloud agents",
		Docs:  "https://docs.cursor.com/account/cloud-agent-webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-webhook-signature"},
			Mark:   "sha256=", Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			Action:  []string{"json:status"},
			ID:      []string{"header:x-webhook-id"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.RFC3339}},
			Subject: []string{"json:id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds, the agent and its status; X-Webhook-ID is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "Failed deliveries are tried again."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Cursor-Agent-Webhook/1.0"},
			{Name: "x-webhook-event", Value: "{event}"},
			{Name: "x-webhook-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"The signature covers neither X-Webhook-ID nor the other headers.",
		},
		Source: "hookdeck/webhook-skills, cursor",
		Unsure: []string{"place of the event name", "retry"},
	}
}

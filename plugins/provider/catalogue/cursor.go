package catalogue

import "webhookedge/plugins/provider/spec"

func cursorRow() spec.Provider {
	return spec.Provider{
		Name:  "cursor",
		Title: "Cursor cloud agents",
		Docs:  "https://docs.cursor.com/account/cloud-agent-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-webhook-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Action:  []string{"json:status"},
			ID:      []string{"header:x-webhook-id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Subject: []string{"json:id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds, the agent and its status; X-Webhook-ID is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again."},
		Sends: []spec.Header{
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

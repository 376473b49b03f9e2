package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func asanaRow() provider.Provider {
	return provider.Provider{
		Name:  "asana",
		Title: "Asana",
		Docs:  "https://developers.asana.com/docs/webhooks-guide",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-hook-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{},
		Batch: &provider.Batch{At: "events", Facts: provider.Locators{
			Type:    []string{"json:resource.resource_type"},
			Action:  []string{"json:action"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Subject: []string{"json:resource.gid"},
		}},
		Identity: provider.Identity{
			Content: true,
			Why:     "An event has no id; each holds its time in milliseconds, the user and the resource, and a delivery is sent again as it was.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "POST", When: "header:x-hook-secret", Challenge: "header:x-hook-secret", Answer: provider.Answer{Headers: []provider.Header{{Name: "x-hook-secret", Value: "{challenge}"}}}, Unsigned: true, Setup: true}},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Span: 24 * time.Hour, Note: "A webhook without a success for 24 h is deleted."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret arrives in the first request (X-Hook-Secret), while the create call is still open; anybody can send one, so take it only during set-up.",
			"A body without events is the heartbeat.",
			"Deliveries are at most once.",
			"An answer of 410 deletes the webhook.",
		},
		Source: "Asana API reference, createWebhook; Webhooks guide (time-out and retry)",
		Unsure: []string{"interval of the heartbeat"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func asanaRow() spec.Provider {
	return spec.Provider{
		Name:  "asana",
		Title: "Asana",
		Docs:  "https://developers.asana.com/docs/webhooks-guide",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-hook-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{At: "events", Facts: spec.Locators{
			Type:    []string{"json:resource.resource_type"},
			Action:  []string{"json:action"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Subject: []string{"json:resource.gid"},
		}},
		Identity: spec.Identity{
			Content: true,
			Why:     "An event has no id; each holds its time in milliseconds, the user and the resource, and a delivery is sent again as it was.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "header:x-hook-secret", Challenge: "header:x-hook-secret", Answer: spec.Answer{Headers: []spec.Header{{Name: "x-hook-secret", Value: "{challenge}"}}}, Unsigned: true, Setup: true}},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "A webhook without a success for 24 h is deleted."},
		Sends: []spec.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func wiseRow() spec.Provider {
	return spec.Provider{
		Name:  "wise",
		Title: "Wise",
		Docs:  "https://docs.wise.com/api-docs/features/webhooks-notifications/event-handling",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.RSA, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-signature-sha256"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyPEM,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			Levels:  spec.LevelsHash,
			ID:      []string{"header:x-delivery-id"},
			Time:    []spec.TimeAt{{At: "json:data.occurred_at", Unit: spec.RFC3339}, {At: "json:sent_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.resource.profile_id"},
			Subject: []string{"json:data.resource.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the resource, its state and the times; X-Delivery-Id is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 25, Span: 336 * time.Hour, Note: "After 1, 2, 4 minutes and so on, eleven times, then 14 times once a day; after a 400 and its like three times in all. Retry-After is respected."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-delivery-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"Sandbox and production sign with two keys, which Wise publishes: give the one you need.",
			"The older X-Signature (SHA-1) is not looked at.",
			"A test notification (X-Test-Notification: true) comes when a subscription is made.",
		},
		Source: "transferwise/digital-signatures-examples (recomputed); Wise docs, Webhooks and notifications (retry policy), Event handling (X-Delivery-Id, two weeks, 25 tries, 5 s)",
	}
}

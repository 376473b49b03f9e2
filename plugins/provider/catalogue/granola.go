package catalogue

import "webhookedge/plugins/provider/spec"

func granolaRow() spec.Provider {
	return spec.Provider{
		Name:  "granola",
		Title: "Granola",
		Docs:  "https://docs.granola.ai/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}, v1a("webhook")},
		Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:webhook-id"},
			Subject: []string{"json:note_id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again.", Time: eachTryIsSigned},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"A delivery holds the note's id and not its content: fetch that from the API, which checks who may read it.",
		},
		Source: "@trigger.dev/core 4.8.3, v3/webhooks/index.js; Granola docs, Webhooks",
		Unsure: []string{"retry", "time-out", "places beside event_type and note_id"},
	}
}

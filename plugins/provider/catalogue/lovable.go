package catalogue

import "webhookedge/plugins/provider/spec"

func lovableRow() spec.Provider {
	return spec.Provider{
		Name:  "lovable",
		Title: "Lovable",
		Docs:  "https://docs.lovable.dev/api-reference/events-and-hooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}, {
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-lovable-signature", Timestamp: "header:x-lovable-timestamp"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.EitherUnit, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}, v1a("webhook")},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Levels:  spec.LevelsDot,
			ID:      []string{"header:webhook-id", "json:id"},
			Time:    []spec.TimeAt{{At: "json:occurred_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:workspace_id"},
			Subject: []string{"json:project_id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id names the delivery of an event to one subscription, signed, and the same at every try; id names the event.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again.", Time: eachTryIsSigned},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"Deliveries that the package @lovable.dev/webhooks-js verifies have X-Lovable-Signature: choose the scheme sha256.",
			"Hooks wait for a decision: let the request go on to a service that gives one.",
		},
		Source: "Lovable docs, Events & hooks (Standard Webhooks, v1); @lovable.dev/webhooks-js 0.0.2, dist/index.js (scheme sha256)",
		Unsure: []string{"retry", "form of the secret of the scheme v1: raw_key takes its text"},
	}
}

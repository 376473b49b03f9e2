package catalogue

import "webhookedge/plugins/provider/spec"

func replicateRow() spec.Provider {
	return spec.Provider{
		Name:  "replicate",
		Title: "Replicate",
		Docs:  "https://replicate.com/docs/topics/webhooks/verify-webhook",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []spec.Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			FirstWins:  true,
			Layout:     spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}, v1a("webhook", "svix")},
		Facts: spec.Locators{
			Type:    []string{"text:prediction"},
			Action:  []string{"json:status"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []spec.TimeAt{{At: "json:completed_at", Unit: spec.RFC3339}, {At: "json:started_at", Unit: spec.RFC3339}, {At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:model"},
			Subject: []string{"json:id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "The final state is tried again with growing pauses; those on the way are not.", Time: eachTryIsSigned},
		Sends: []spec.Header{
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

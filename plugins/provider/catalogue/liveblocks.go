package catalogue

import "webhookedge/plugins/provider/spec"

func liveblocksRow() spec.Provider {
	return throughSvix(svixSchedule, spec.Provider{
		Name:  "liveblocks",
		Title: "Liveblocks",
		Docs:  "https://liveblocks.io/docs/platform/webhooks",
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
			Type:    []string{"json:type"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []spec.TimeAt{{At: "json:data.updatedAt", Unit: spec.RFC3339}, {At: "json:data.enteredAt", Unit: spec.RFC3339}, {At: "json:data.leftAt", Unit: spec.RFC3339}, {At: "json:data.createdAt", Unit: spec.RFC3339}, {At: "json:data.deletedAt", Unit: spec.RFC3339}, {At: "json:data.triggeredAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.projectId"},
			Subject: []string{"json:data.roomId"},
		},
		Pitfalls: []string{
			"storageUpdated and ydocUpdated are throttled and carry no content: fetch it from the API.",
		},
		Source: "@liveblocks/node 3.24.2, dist/index.cjs (WebhookHandler); Liveblocks docs, Webhooks and Webhook events",
		Unsure: []string{"names of the times of some events"},
	})
}

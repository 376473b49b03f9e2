package catalogue

import "webhookedge/plugins/provider/spec"

func plainRow() spec.Provider {
	return spec.Provider{
		Name:  "plain",
		Title: "Plain",
		Docs:  "https://www.plain.com/docs/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:plain-request-signature", Timestamp: "json:webhookMetadata.webhookDeliveryAttemptTimestamp"},
			Encoding: spec.Hex, Content: "{body}",
			TimeUnit: spec.RFC3339, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:workspaceId"},
			Subject: []string{"json:payload.thread.id", "json:payload.customer.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"webhookMetadata"},
			Why:      "id (pEv_...) names the event, in the signed body; webhookMetadata is that of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "The signed time is that of the attempt, and Plain's own library refuses what is older than 5 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"One secret signs for all webhook targets of a workspace.",
			"The time of the try stands in the body, so that it is signed with it.",
		},
		Source: "Plain docs, Webhooks and Webhooks SDK (verifyPlainWebhook: 300 s); @trigger.dev/core, v3/webhooks/index.js",
		Unsure: []string{"retry"},
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func lineRow() spec.Provider {
	return spec.Provider{
		Name:  "line",
		Title: "LINE Messaging API",
		Docs:  "https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-line-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Tenant: []string{"json:destination"},
		},
		Batch: &spec.Batch{At: "events", Facts: spec.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:webhookEventId"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Milliseconds}},
			Subject: []string{"json:source.groupId", "json:source.roomId", "json:source.userId"},
		}},
		Identity: spec.Identity{
			Volatile: []string{"events.*.deliveryContext"},
			Why:      "webhookEventId is a ULID, in the signed body, and the same at a redelivery, which deliveryContext tells.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Redelivery is off by default; deliveryContext.isRedelivery marks one."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "LineBotWebhook/2.0"},
		},
		Pitfalls: []string{
			"The console's Verify button sends a signed body without events and wants 200.",
			"A delivery may hold several events.",
		},
		Source: "line-bot-sdk-python tests; LINE docs, Verify webhook signature (recomputed)",
		Unsure: []string{"time-out"},
	}
}

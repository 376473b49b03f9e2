package catalogue

import "webhookedge/plugins/provider"

func lineRow() provider.Provider {
	return provider.Provider{
		Name:  "line",
		Title: "LINE Messaging API",
		Docs:  "https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-line-signature"},
			Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Tenant: []string{"json:destination"},
		},
		Batch: &provider.Batch{At: "events", Facts: provider.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:webhookEventId"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.Milliseconds}},
			Subject: []string{"json:source.groupId", "json:source.roomId", "json:source.userId"},
		}},
		Identity: provider.Identity{
			Volatile: []string{"events.*.deliveryContext"},
			Why:      "webhookEventId is a ULID, in the signed body, and the same at a redelivery, which deliveryContext tells.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "Redelivery is off by default; deliveryContext.isRedelivery marks one."},
		Sends: []provider.Header{
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

package catalogue

import "webhookedge/plugins/provider"

func telnyxRow() provider.Provider {
	return provider.Provider{
		Name:  "telnyx",
		Title: "Telnyx",
		Docs:  "https://developers.telnyx.com/docs/voice/programmable-voice/voice-api-webhooks",
		Schemes: []provider.Scheme{{
			Name: "ed25519", Kind: provider.Ed25519,
			Family:   provider.Family{Signature: "header:telnyx-signature-ed25519", Timestamp: "header:telnyx-timestamp"},
			Encoding: provider.Base64, Content: "{timestamp}|{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyBase64,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:data.event_type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:data.id"},
			Time:    []provider.TimeAt{{At: "json:data.occurred_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.payload.connection_id"},
			Subject: []string{"json:data.payload.call_control_id", "json:data.payload.id"},
		},
		Identity: provider.Identity{
			Volatile: []string{"meta.attempt", "meta.delivered_to"},
			Why:      "data.id is a UUID of the event, in the signed body; meta tells of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 3, Note: "On each of the primary and the failover URL."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the account's public key, 32 bytes in base64.",
		},
		Source: "telnyx-node, src/lib/webhooks.ts",
		Unsure: []string{"retry"},
	}
}

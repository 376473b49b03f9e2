package catalogue

import "webhookedge/plugins/provider/spec"

func telnyxRow() spec.Provider {
	return spec.Provider{
		Name:  "telnyx",
		Title: "Telnyx",
		Docs:  "https://developers.telnyx.com/docs/voice/programmable-voice/voice-api-webhooks",
		Schemes: []spec.Scheme{{
			Name: "ed25519", Kind: spec.Ed25519,
			Family:   spec.Family{Signature: "header:telnyx-signature-ed25519", Timestamp: "header:telnyx-timestamp"},
			Encoding: spec.Base64, Content: "{timestamp}|{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:data.event_type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:data.id"},
			Time:    []spec.TimeAt{{At: "json:data.occurred_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.payload.connection_id"},
			Subject: []string{"json:data.payload.call_control_id", "json:data.payload.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"meta.attempt", "meta.delivered_to"},
			Why:      "data.id is a UUID of the event, in the signed body; meta tells of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 3, Note: "On each of the primary and the failover URL.", Time: "Telnyx's own libraries refuse what is older than 5 minutes."},
		Sends: []spec.Header{
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

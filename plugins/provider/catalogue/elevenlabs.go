package catalogue

import "webhookedge/plugins/provider"

func elevenlabsRow() provider.Provider {
	return provider.Provider{
		Name:  "elevenlabs",
		Title: "ElevenLabs",
		Docs:  "https://elevenlabs.io/docs/eleven-agents/workflows/post-call-webhooks",
		Schemes: []provider.Scheme{{
			Name: "v0", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:elevenlabs-signature", Timestamp: "pair:t"},
			Layout: provider.Pairs, Mark: "v0", Encoding: provider.Hex, Content: "{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 1800,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Time:    []provider.TimeAt{{At: "json:event_timestamp", Unit: provider.Seconds}},
			Tenant:  []string{"json:data.agent_id"},
			Subject: []string{"json:data.conversation_id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the conversation, which ends once, and event_timestamp.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "Disabled after 10 failures in a row within 7 days."},
		Ranges:       []provider.RangeList{{Name: "elevenlabs", Docs: "https://elevenlabs.io/docs/eleven-api/resources/ip-allowlisting"}},
		On429:        "Post-call transcriptions are tried again up to five times.",
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"v0 is the real version here.",
			"Audio events have large bodies.",
		},
		Source: "elevenlabs-js, wrapper for webhooks (format, tolerance); hookdeck/webhook-skills, elevenlabs",
		Unsure: []string{"retry"},
	}
}

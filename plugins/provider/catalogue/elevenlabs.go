package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func elevenlabsRow() spec.Provider {
	return spec.Provider{
		Name:  "elevenlabs",
		Title: "ElevenLabs",
		Docs:  "https://elevenlabs.io/docs/eleven-agents/workflows/post-call-webhooks",
		Schemes: []spec.Scheme{{
			Name: "v0", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:elevenlabs-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v0", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 1800,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Time:    []spec.TimeAt{{At: "json:event_timestamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:data.agent_id"},
			Subject: []string{"json:data.conversation_id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the conversation, which ends once, and event_timestamp.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Disabled after 10 failures in a row within 7 days.", Time: "ElevenLabs' own libraries refuse what is older than 30 minutes; no retries are documented."},
		Cutoff:       spec.Cutoff{Failures: 10, Span: 168 * time.Hour},
		Ranges:       []spec.RangeList{{Name: "elevenlabs", Docs: "https://elevenlabs.io/docs/eleven-api/resources/ip-allowlisting"}},
		On429:        "Post-call transcriptions are tried again up to five times.",
		Sends: []spec.Header{
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

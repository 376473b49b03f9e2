package catalogue

import "webhookedge/plugins/provider/spec"

func recallAiRow() spec.Provider {
	return throughSvix(svixDefault, spec.Provider{
		Name:  "recall-ai",
		Title: "Recall.ai",
		Docs:  "https://docs.recall.ai/docs/authenticating-requests-from-recallai",
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
			Type:    []string{"json:event", "json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []spec.TimeAt{{At: "json:data.data.updated_at", Unit: spec.RFC3339}, {At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:created_at", Unit: spec.RFC3339}},
			Subject: []string{"json:data.bot.id", "json:data.recording.id"},
		},
		Source: "trigger.dev source catalogue; Recall.ai docs, Authenticating requests",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	})
}

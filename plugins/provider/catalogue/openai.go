package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func openaiRow() spec.Provider {
	return spec.Provider{
		Name:  "openai",
		Title: "OpenAI",
		Docs:  "https://platform.openai.com/docs/guides/webhooks",
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
			Split:   spec.SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.Seconds}},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 72 * time.Hour, Time: eachTryIsSigned},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"webhook-id (wh_...) names the delivery, the id of the body (evt_...) the event.",
		},
		Source: "openai-python, tests/lib/test_webhooks.py (recomputed)",
		Unsure: []string{"retry"},
	}
}

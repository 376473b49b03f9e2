package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func polarRow() spec.Provider {
	return spec.Provider{
		Name:  "polar",
		Title: "Polar",
		Docs:  "https://polar.sh/docs/integrate/webhooks/endpoints",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []spec.Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			FirstWins:  true,
			Layout:     spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText, KeyPrefix: "whsec_", KeyAlso: spec.KeyBase64, KeyMin: 8,
		}, v1a("webhook", "svix")},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.organization_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 10, Time: eachTryIsSigned},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key of a secret made before 8 September 2026 is its text with its prefix; that of a later one is the base64 behind whsec_. Both are tried.",
		},
		Source: "@polar-sh/sdk 0.49.0, src/webhooks.ts; polarsource/polar, pull requests 14102 and 14117 (both key forms)",
		Unsure: []string{"retry", "time-out"},
	}
}

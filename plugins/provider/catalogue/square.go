package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func squareRow() spec.Provider {
	return spec.Provider{
		Name:  "square",
		Title: "Square",
		Docs:  "https://developer.squareup.com/docs/webhooks/step3validate",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-square-hmacsha256-signature"},
			Encoding: spec.Base64, Content: "{url}{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:event_id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:merchant_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "event_id is a UUID, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "With growing pauses; square-retry-number counts."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "square-environment", Value: "Production"},
			{Name: "user-agent", Value: "Square Connect v2"},
		},
		Pitfalls: []string{
			"The signature covers the URL as registered: public_url must be the URL that was entered there.",
			"The key looks like base64url and is used as it is shown.",
		},
		Source: "square-nodejs-sdk, tests/integration/webhooks.test.ts (recomputed)",
		Unsure: []string{"time-out", "retry"},
	}
}

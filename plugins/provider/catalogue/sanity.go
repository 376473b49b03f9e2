package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func sanityRow() spec.Provider {
	return spec.Provider{
		Name:  "sanity",
		Title: "Sanity",
		Docs:  "https://www.sanity.io/docs/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:sanity-webhook-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Base64URLRaw, Content: "{timestamp}.{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:sanity-operation"},
			ID:      []string{"header:idempotency-key"},
			Time:    []spec.TimeAt{{At: "header:sanity-transaction-time", Unit: spec.RFC3339}},
			Tenant:  []string{"header:sanity-project-id"},
			Subject: []string{"header:sanity-document-id", "json:_id"},
		},
		Identity: spec.Identity{
			Why: "Idempotency-Key is the same at every try and not signed; the body is what a projection makes, which can be one for two changes.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Max: 2, Span: 2 * time.Minute, Note: "After 429 and a 5xx, 30 seconds apart; until April 2026 for half an hour."},
		On429:        "Tried again with growing pauses.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "idempotency-key", Value: "{id}"},
			{Name: "sanity-dataset", Value: "production"},
			{Name: "sanity-document-id", Value: "glove-17"},
			{Name: "sanity-operation", Value: "{event}"},
			{Name: "sanity-project-id", Value: "octoproj"},
			{Name: "sanity-transaction-time", Value: "{time}"},
			{Name: "user-agent", Value: "Sanity.io webhook delivery"},
		},
		Pitfalls: []string{
			"The time is in milliseconds.",
			"The body is what the webhook's projection makes; the facts stand in headers, which nothing signs.",
		},
		Source: "sanity-io/webhook-toolkit, signature.ts and its tests (recomputed); @sanity/webhook 4.0.4 (no blank behind the comma); Sanity changelog, Webhooks now retry twice at 30-second intervals",
		Unsure: []string{"names of the headers other than the signature's"},
	}
}

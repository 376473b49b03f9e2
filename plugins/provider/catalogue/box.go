package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func boxRow() spec.Provider {
	return spec.Provider{
		Name:  "box",
		Title: "Box",
		Docs:  "https://developer.box.com/guides/webhooks/v2/signatures-v2",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:box-signature-primary", Also: []string{"header:box-signature-secondary"}, Timestamp: "header:box-delivery-timestamp"},
			Encoding: spec.Base64, Content: "{body}{timestamp}",
			Expect:   []spec.Expect{{At: "header:box-signature-version", Is: "1"}, {At: "header:box-signature-algorithm", Is: "HmacSHA256"}},
			TimeUnit: spec.RFC3339, ToleranceSeconds: 600,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:trigger"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:created_by.id"},
			Subject: []string{"json:source.id"},
		},
		Identity: spec.Identity{
			Why: "id is that of the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Max: 12, Span: 2 * time.Hour, Time: "Box's own libraries refuse what is older than 10 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "box-delivery-id", Value: "{id}"},
			{Name: "box-signature-algorithm", Value: "HmacSHA256"},
			{Name: "box-signature-version", Value: "1"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"BOX-DELIVERY-ID is new at every retry: the id of the body is the one to remember.",
			"Two keys sign at once, one header each; either proves the sender.",
			`Box writes non-ASCII as \\uXXXX and / as \\/: a body that was written anew fails.`,
		},
		Source: "Box developer docs, Signatures V2; box-node-sdk webhooks tests (recomputed)",
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func coinbaseCommerceRow() spec.Provider {
	return spec.Provider{
		Name:  "coinbase-commerce",
		Title: "Coinbase Commerce",
		Docs:  "https://docs.cdp.coinbase.com/commerce/docs/webhooks-security",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-cc-webhook-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.type"},
			Split:   spec.SplitLastColon,
			ID:      []string{"json:event.id"},
			Time:    []spec.TimeAt{{At: "json:event.created_at", Unit: spec.RFC3339}},
			Subject: []string{"json:event.data.code"},
		},
		Identity: spec.Identity{
			Volatile: []string{"id", "scheduled_for", "attempt_number"},
			Why:      "event.id is a UUID, in the signed body; id, scheduled_for and attempt_number are those of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 72 * time.Hour, Note: "At most an hour apart."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"id is that of the delivery and new at every try: event.id is the one to remember.",
		},
		Source: "coinbase-commerce-node tests (recomputed); Coinbase docs, Webhooks overview (retry)",
	}
}

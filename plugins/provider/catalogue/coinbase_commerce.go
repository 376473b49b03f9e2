package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func coinbaseCommerceRow() provider.Provider {
	return provider.Provider{
		Name:  "coinbase-commerce",
		Title: "Coinbase Commerce",
		Docs:  "https://docs.cdp.coinbase.com/commerce/docs/webhooks-security",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-cc-webhook-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event.type"},
			Split:   provider.SplitLastColon,
			ID:      []string{"json:event.id"},
			Time:    []provider.TimeAt{{At: "json:event.created_at", Unit: provider.RFC3339}},
			Subject: []string{"json:event.data.code"},
		},
		Identity: provider.Identity{
			Volatile: []string{"id", "scheduled_for", "attempt_number"},
			Why:      "event.id is a UUID, in the signed body; id, scheduled_for and attempt_number are those of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Span: 72 * time.Hour, Note: "At most an hour apart."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"id is that of the delivery and new at every try: event.id is the one to remember.",
		},
		Source: "coinbase-commerce-node tests (recomputed); Coinbase docs, Webhooks overview (retry)",
	}
}

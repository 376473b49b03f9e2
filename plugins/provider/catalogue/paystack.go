package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func paystackRow() provider.Provider {
	return provider.Provider{
		Name:  "paystack",
		Title: "Paystack",
		Docs:  "https://paystack.com/docs/payments/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha512", Kind: provider.HMAC, Hash: provider.SHA512,
			Family:   provider.Family{Signature: "header:x-paystack-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			Split:   provider.SplitLastDot,
			Time:    []provider.TimeAt{{At: "json:data.paid_at", Unit: provider.RFC3339}, {At: "json:data.created_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.domain"},
			Subject: []string{"json:data.id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the transaction with its times, and each of its events happens once.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 76, Span: 73 * time.Hour, Note: "Live: every 3 minutes for four tries, then hourly for 72 h; test mode: hourly for 10 h."},
		Ranges:       []provider.RangeList{{Name: "paystack", Docs: "https://paystack.com/docs/payments/webhooks/"}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the secret API key of the mode (sk_live_ or sk_test_).",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Paystack docs, Webhooks, as quoted by client libraries (header, hash, key)",
		Unsure: []string{"retry"},
	}
}

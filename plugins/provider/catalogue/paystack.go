package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func paystackRow() spec.Provider {
	return spec.Provider{
		Name:  "paystack",
		Title: "Paystack",
		Docs:  "https://paystack.com/docs/payments/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha512", Kind: spec.HMAC, Hash: spec.SHA512,
			Family:   spec.Family{Signature: "header:x-paystack-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:data.paid_at", Unit: spec.RFC3339}, {At: "json:data.created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.domain"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the transaction with its times, and each of its events happens once.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 76, Span: 73 * time.Hour, Note: "Live: every 3 minutes for four tries, then hourly for 72 h; test mode: hourly for 10 h."},
		Ranges:       []spec.RangeList{{Name: "paystack", Docs: "https://paystack.com/docs/payments/webhooks/"}},
		Sends: []spec.Header{
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

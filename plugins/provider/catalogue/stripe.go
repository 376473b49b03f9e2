package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func stripeRow() provider.Provider {
	return provider.Provider{
		Name:  "stripe",
		Title: "Stripe",
		Docs:  "https://docs.stripe.com/webhooks/signature",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:stripe-signature", Timestamp: "pair:t"},
			Layout: provider.Pairs, Mark: "v1", Encoding: provider.Hex, Content: "{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText, KeyMin: 16,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:created", Unit: provider.Seconds}, {At: "json:created", Unit: provider.RFC3339}},
			Tenant:  []string{"json:account"},
			Subject: []string{"json:data.object.id", "json:related_object.id"},
		},
		Identity: provider.Identity{
			Volatile: []string{"pending_webhooks"},
			Why:      "id (evt_...) is unique at Stripe, in the signed body, and the same at every try; pending_webhooks counts the endpoints that wait.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Span: 72 * time.Hour, Note: "Live mode backs off for up to 3 days; test mode tries a few times over some hours. A redirect counts as a failure."},
		On429:        "As any other failure: sent again with growing pauses.",
		Ranges: []provider.RangeList{{
			Name: "stripe", URL: "https://stripe.com/files/ips/ips_webhooks.json", Format: provider.RangeJSON, Paths: []string{"WEBHOOKS"},
			Docs: "https://docs.stripe.com/ips",
		}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*; q=0.5, application/xml"},
			{Name: "cache-control", Value: "no-cache"},
			{Name: "content-type", Value: "application/json; charset=utf-8"},
			{Name: "user-agent", Value: "Stripe/1.0 (+https://stripe.com/docs/webhooks)"},
		},
		Pitfalls: []string{
			"The secret is used as it is shown, whsec_ included: unlike in Standard Webhooks it is not base64.",
			"Bodies are indented JSON: anything that writes them anew breaks the signature.",
			"Events arrive in no particular order.",
			"Thin events (object v2.core.event) carry no data.object, only a reference.",
		},
		Source: "Stripe docs, Verify webhook signatures manually; stripe-node src/Webhooks.ts",
		Unsure: []string{"timeout", "retries in test mode", "URL of the address ranges"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func stripeRow() spec.Provider {
	return spec.Provider{
		Name:  "stripe",
		Title: "Stripe",
		Docs:  "https://docs.stripe.com/webhooks/signature",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:stripe-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText, KeyMin: 16,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created", Unit: spec.Seconds}, {At: "json:created", Unit: spec.RFC3339}},
			Tenant:  []string{"json:account"},
			Subject: []string{"json:data.object.id", "json:related_object.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"pending_webhooks"},
			Why:      "id (evt_...) is unique at Stripe, in the signed body, and the same at every try; pending_webhooks counts the endpoints that wait.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 72 * time.Hour, Note: "Live mode backs off for up to 3 days; test mode tries a few times over some hours. A redirect counts as a failure.", Time: "Each try is signed anew, with its own time (Stripe docs, Verify webhook signatures), and Stripe's own libraries refuse what is older than 5 minutes."},
		On429:        "As any other failure: sent again with growing pauses.",
		Ranges: []spec.RangeList{{
			Name: "stripe", URL: "https://stripe.com/files/ips/ips_webhooks.json", Format: spec.RangeJSON, Paths: []string{"WEBHOOKS"},
			Docs: "https://docs.stripe.com/ips",
		}},
		Sends: []spec.Header{
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

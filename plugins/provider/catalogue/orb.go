package catalogue

import "webhookedge/plugins/provider/spec"

func orbRow() spec.Provider {
	return spec.Provider{
		Name:  "orb",
		Title: "Orb",
		Docs:  "https://docs.withorb.com/integrations-and-exports/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-orb-signature", Timestamp: "header:x-orb-timestamp"},
			Layout: spec.Pairs, Mark: "v1", Separator: " ", Encoding: spec.Hex, Content: "v1:{timestamp|free}:{body}",
			TimeUnit: spec.RFC3339UTC, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Subject: []string{"json:subscription.id", "json:invoice.id", "json:customer.id", "json:plan.id"},
		},
		Identity: spec.Identity{
			Why: "id is unique to the event, made for idempotency (Orb docs, Webhooks), and stands in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "At least once: failed deliveries are tried again.", Time: "Orb's own libraries refuse what is older than 5 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signed time has no zone and is in UTC.",
			"Several signatures stand apart by blanks.",
		},
		Source: "orb-billing 6.11.0, resources/webhooks.js; Orb docs, Webhooks",
		Unsure: []string{"retry"},
	}
}

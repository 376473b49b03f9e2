package catalogue

import "webhookedge/plugins/provider/spec"

func coinbaseCdpRow() spec.Provider {
	return spec.Provider{
		Name:  "coinbase-cdp",
		Title: "Coinbase Developer Platform",
		Docs:  "https://docs.cdp.coinbase.com/webhooks/verify-signatures",
		Schemes: []spec.Scheme{{
			Name: "v0", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-hook0-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v0", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventType", "json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:eventId", "json:id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:createdAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:subscriptionId", "json:data.subscriptionId"},
			Subject: []string{"json:transactionId", "json:data.transactionHash"},
		},
		Identity: spec.Identity{
			Why: "The event's id stands in the signed body; where an event has no id its content is what it is known by.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 60, Note: "With growing pauses.", Time: "How far apart the tries are is not documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The header holds two signatures: v0 of the time and the body, which is what is checked, and v1 that covers headers too, of which nothing is read.",
			"The secret is told once, in the answer that makes the subscription.",
		},
		Source: "Coinbase CDP docs, Verify signatures; FGRibreau/hook0 (v0 and v1)",
		Unsure: []string{"names of the id and the time, which differ by product", "that every delivery has v0"},
	}
}

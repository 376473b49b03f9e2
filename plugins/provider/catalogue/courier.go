package catalogue

import "webhookedge/plugins/provider/spec"

func courierRow() spec.Provider {
	return spec.Provider{
		Name:  "courier",
		Title: "Courier",
		Docs:  "https://www.courier.com/docs/platform/workspace/outbound-webhooks",
		Schemes: []spec.Scheme{{
			Name: "signature", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:courier-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "signature", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastColon,
			Time:    []spec.TimeAt{{At: "json:data.updated", Unit: spec.Milliseconds}, {At: "json:data.enqueued", Unit: spec.Milliseconds}},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "There is no id of the delivery: data.id is that of the message, and the body holds its status with the times of each.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "No retries are documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The time is in milliseconds.",
		},
		Source: "Courier docs, Outbound webhooks; hookdeck/webhook-skills, courier-webhooks",
		Unsure: []string{"retry", "tolerance: 5 minutes are customary"},
	}
}

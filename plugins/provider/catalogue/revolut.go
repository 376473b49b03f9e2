package catalogue

import "webhookedge/plugins/provider/spec"

func revolutRow() spec.Provider {
	return spec.Provider{
		Name:  "revolut",
		Title: "Revolut",
		Docs:  "https://developer.revolut.com/docs/guides/merchant/monitor-and-observe/webhooks/verify-the-payload-signature",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:revolut-signature", Timestamp: "header:revolut-request-timestamp"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "v1.{timestamp}.{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:data.id + json:event + json:timestamp"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Subject: []string{"json:order_id", "json:data.id"},
		},
		Identity: spec.Identity{
			None: true,
			Why:  "Business events have an object and a time in the signed body; those of the Merchant API have neither an id nor a time, and a payment can be declined twice.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 3, Note: "10 minutes apart.", Time: "Revolut's docs refuse what is older than 5 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Business, Merchant and Crypto Ramp sign alike, each webhook with a secret of its own (wsk_...).",
			"While a secret is rotated the header has a signature of each, parted by commas.",
			"Deliveries of the Merchant API come from addresses that its docs name.",
		},
		Source: "Revolut developer docs, Verify the payload signature (its example recomputed)",
	}
}

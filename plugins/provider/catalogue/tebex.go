package catalogue

import "webhookedge/plugins/provider/spec"

func tebexRow() spec.Provider {
	return spec.Provider{
		Name:  "tebex",
		Title: "Tebex",
		Docs:  "https://docs.tebex.io/developers/webhooks/overview",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-signature"},
			Encoding: spec.Hex, Content: "{body|sha256|hex}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:date", Unit: spec.RFC3339}},
			Subject: []string{"json:subject.transaction_id", "json:subject.reference"},
		},
		Identity: spec.Identity{
			Why: "id is a UUID of the webhook, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "json:type", Is: "validation.webhook", Challenge: "json:id", Answer: spec.Answer{ContentType: "application/json", Body: `{"id":{challenge|json}}`}}},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again."},
		Ranges:       []spec.RangeList{{Name: "tebex", Docs: "https://docs.tebex.io/developers/webhooks/overview"}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The HMAC is over the SHA-256 of the body in hexadecimal digits.",
			"An endpoint gets nothing until it has answered validation.webhook with its id.",
		},
		Source: "Tebex docs, Webhooks, Overview",
		Unsure: []string{"retry", "time-out"},
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func smartcarRow() spec.Provider {
	return spec.Provider{
		Name:  "smartcar",
		Title: "Smartcar",
		Docs:  "https://smartcar.com/docs/integrations/webhooks/overview",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:sc-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventType"},
			ID:      []string{"json:eventId"},
			Time:    []spec.TimeAt{{At: "json:meta.deliveredAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.user.id"},
			Subject: []string{"json:data.vehicle.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"meta"},
			Why:      "eventId is the same at every try, in the signed body; meta is that of the try.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes: []spec.Handshake{
			{Method: "POST", When: "json:eventType", Is: "VERIFY", Without: "header:sc-signature", Challenge: "json:data.challenge", Response: spec.Response{Kind: spec.HMAC, Hash: spec.SHA256, Encoding: spec.Hex, Content: "{challenge}"}, Answer: spec.Answer{ContentType: "application/json", Body: `{"challenge":"{response}"}`}, Unsigned: true},
			{Method: "POST", When: "json:eventType", Is: "VERIFY", Challenge: "json:data.challenge", Response: spec.Response{Kind: spec.HMAC, Hash: spec.SHA256, Encoding: spec.Hex, Content: "{challenge}"}, Answer: spec.Answer{ContentType: "application/json", Body: `{"challenge":"{response}"}`}},
		},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the application management token, which answers the challenge too.",
			"Saving a webhook sends VERIFY with a challenge, to be answered within 15 s.",
		},
		Source: "smartcar 10.4.0, index.js (hashChallenge, verifyPayload); hookdeck/webhook-skills, smartcar-webhooks",
		Unsure: []string{"retry", "whether VERIFY is signed: both are answered"},
	}
}

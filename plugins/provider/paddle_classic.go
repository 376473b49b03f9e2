package provider

import "time"

func paddleClassicRow() Provider {
	return Provider{
		Name:  "paddle-classic",
		Title: "Paddle Classic",
		Docs:  "https://classic.paddle.com/webhooks/verifying-webhooks/",
		Schemes: []Scheme{{
			Name: "sha1", Kind: RSA, Hash: SHA1,
			Family:   Family{Signature: "form:p_signature"},
			Encoding: Base64, Content: "{form-php:p_signature}",
			Key: KeyPEM,
		}},
		Facts: Locators{
			Type:    []string{"form:alert_name"},
			Split:   SplitLastScore,
			ID:      []string{"form:alert_id"},
			Time:    []TimeAt{{"form:event_time", DateTime}},
			Tenant:  []string{"form:vendor_id"},
			Subject: []string{"form:subscription_id", "form:order_id", "form:user_id"},
		},
		Identity: Identity{
			Why: "alert_id names the alert and is signed.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Retry:        Retry{Span: 72 * time.Hour},
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/x-www-form-urlencoded"},
		},
		Pitfalls: []string{
			"The key is the vendor's public key; the signature is RSA with SHA-1 over PHP's serialisation of all other fields, which is all that is offered.",
			"A field that is there twice is refused, since PHP would take the last.",
			"event_time is signed, and its age is not checked: the alert's id stops replays.",
			"Paddle Billing is another product with another signature: that is the provider paddle.",
		},
		Source: "Paddle Classic docs, Verifying webhooks",
		Unsure: []string{"retry", "time-out", "place of the tenant"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func paddleClassicRow() spec.Provider {
	return spec.Provider{
		Name:  "paddle-classic",
		Title: "Paddle Classic",
		Docs:  "https://classic.paddle.com/webhooks/verifying-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.RSA, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "form:p_signature"},
			Encoding: spec.Base64, Content: "{form-php:p_signature}",
			Key: spec.KeyPEM,
		}},
		Facts: spec.Locators{
			Type:    []string{"form:alert_name"},
			Split:   spec.SplitLastScore,
			ID:      []string{"form:alert_id"},
			Time:    []spec.TimeAt{{At: "form:event_time", Unit: spec.DateTime}},
			Tenant:  []string{"form:vendor_id"},
			Subject: []string{"form:subscription_id", "form:order_id", "form:user_id"},
		},
		Identity: spec.Identity{
			Why: "alert_id names the alert and is signed.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Retry:        spec.Retry{Span: 72 * time.Hour},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/x-www-form-urlencoded"},
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

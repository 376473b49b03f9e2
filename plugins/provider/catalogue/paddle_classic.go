package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func paddleClassicRow() provider.Provider {
	return provider.Provider{
		Name:  "paddle-classic",
		Title: "Paddle Classic",
		Docs:  "https://classic.paddle.com/webhooks/verifying-webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha1", Kind: provider.RSA, Hash: provider.SHA1,
			Family:   provider.Family{Signature: "form:p_signature"},
			Encoding: provider.Base64, Content: "{form-php:p_signature}",
			Key: provider.KeyPEM,
		}},
		Facts: provider.Locators{
			Type:    []string{"form:alert_name"},
			Split:   provider.SplitLastScore,
			ID:      []string{"form:alert_id"},
			Time:    []provider.TimeAt{{At: "form:event_time", Unit: provider.DateTime}},
			Tenant:  []string{"form:vendor_id"},
			Subject: []string{"form:subscription_id", "form:order_id", "form:user_id"},
		},
		Identity: provider.Identity{
			Why: "alert_id names the alert and is signed.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Retry:        provider.Retry{Span: 72 * time.Hour},
		Sends: []provider.Header{
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

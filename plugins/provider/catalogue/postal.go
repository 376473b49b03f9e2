package catalogue

import "webhookedge/plugins/provider"

func postalRow() provider.Provider {
	return provider.Provider{
		Name:  "postal",
		Title: "Postal",
		Docs:  "https://docs.postalserver.io/developer/webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.RSA, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-postal-signature-256"},
			Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeySPKI,
		}, {
			Name: "sha1", Kind: provider.RSA, Hash: provider.SHA1, Weak: true,
			Family:   provider.Family{Signature: "header:x-postal-signature"},
			Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeySPKI,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:uuid"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.Fraction}},
			Tenant:  []string{"json:payload.server.uuid"},
			Subject: []string{"json:payload.message.message_id", "json:payload.message.id"},
		},
		Identity: provider.Identity{
			Why: "uuid names the webhook request, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "Failed deliveries are tried again."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the DKIM public key of the installation: what stands behind p= in its DNS record.",
			"Versions before 3.2 sign with SHA-1 alone (scheme sha1, which must be chosen).",
		},
		Source: "postalserver/postal, its webhook tests; django-anymail, postal view",
		Unsure: []string{"retry", "first version that sends X-Postal-Signature-256"},
	}
}

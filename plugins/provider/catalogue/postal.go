package catalogue

import "webhookedge/plugins/provider/spec"

func postalRow() spec.Provider {
	return spec.Provider{
		Name:  "postal",
		Title: "Postal",
		Docs:  "https://docs.postalserver.io/developer/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.RSA, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-postal-signature-256"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeySPKI,
		}, {
			Name: "sha1", Kind: spec.RSA, Hash: spec.SHA1, Weak: true,
			Family:   spec.Family{Signature: "header:x-postal-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeySPKI,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:uuid"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Fraction}},
			Tenant:  []string{"json:payload.server.uuid"},
			Subject: []string{"json:payload.message.message_id", "json:payload.message.id"},
		},
		Identity: spec.Identity{
			Why: "uuid names the webhook request, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again."},
		Sends: []spec.Header{
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

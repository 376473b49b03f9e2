package catalogue

import "webhookedge/plugins/provider/spec"

func fourthwallRow() spec.Provider {
	return spec.Provider{
		Name:  "fourthwall",
		Title: "Fourthwall",
		Docs:  "https://docs.fourthwall.com/webhooks/webhook-model",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-fourthwall-hmac-sha256"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:createdAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:shopId"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "id names the event: several with one id are duplicates (Fourthwall docs, Webhook model); it stands in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"testMode tells test data.",
			"The older payloads have apiVersion V1_BETA.",
		},
		Source: "nuxt-webhook-validators 0.2.12, validators/fourthwall.js; Fourthwall docs, Webhook model",
		Unsure: []string{"retry", "time-out"},
	}
}

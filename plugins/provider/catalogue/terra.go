package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func terraRow() spec.Provider {
	return spec.Provider{
		Name:  "terra",
		Title: "Terra API",
		Docs:  "https://docs.tryterra.co/destinations/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:terra-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Separator: ", ", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Tenant:  []string{"json:user.reference_id"},
			Subject: []string{"json:user.user_id"},
		},
		Identity: spec.Identity{
			Why: "A payload has no id: it is known by its content, which holds the user and the data.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Note: "Failed deliveries are tried again with growing pauses.", Time: "How far apart the tries are is not documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the signing secret of the destination, not the API key.",
			"Large payloads come in parts.",
		},
		Source: "terra-api 2.1.0, dist/cjs/utils.js (verifyTerraWebhookSignature); Terra docs, Webhooks and Webhook settings",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func checkoutComRow() spec.Provider {
	return spec.Provider{
		Name:  "checkout-com",
		Title: "Checkout.com",
		Docs:  "https://www.checkout.com/docs/developer-resources/event-notifications/receive-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:cko-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_on", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.processing_channel_id", "json:source_type"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "id (evt_...) is unique at Checkout.com, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Note: "Several tries with growing pauses."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"A real delivery once held malformed JSON: such a body is refused as malformed, and its raw bytes can be kept.",
			"The header authorization holds the authorisation key as well; it proves less than the signature and is not looked at.",
		},
		Source: "Checkout.com docs, Set up your webhook receiver (header, hash, encoding)",
		Unsure: []string{"retry", "time-out"},
	}
}

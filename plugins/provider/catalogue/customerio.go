package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func customerioRow() provider.Provider {
	return provider.Provider{
		Name:  "customerio",
		Title: "Customer.io",
		Docs:  "https://docs.customer.io/integrations/api/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-cio-signature", Timestamp: "header:x-cio-timestamp"},
			Encoding: provider.Hex, Content: "v0:{timestamp}:{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:object_type"},
			Action:  []string{"json:metric"},
			ID:      []string{"json:event_id"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.Seconds}},
			Subject: []string{"json:data.customer_id"},
		},
		Identity: provider.Identity{
			Why: "event_id is a ULID, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      4 * time.Second,
		Retry:        provider.Retry{Span: 168 * time.Hour},
		Ranges:       []provider.RangeList{{Name: "customerio", Docs: "https://docs.customer.io/accounts-and-workspaces/ip-addresses/"}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature has no version in front of it, although the signed text has.",
		},
		Source: "trigger.dev source catalogue (header, signed text)",
		Unsure: []string{"retry", "address ranges"},
	}
}

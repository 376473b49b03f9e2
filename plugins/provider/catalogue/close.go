package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func closeRow() provider.Provider {
	return provider.Provider{
		Name:  "close",
		Title: "Close",
		Docs:  "https://developer.close.com/topics/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:close-sig-hash", Timestamp: "header:close-sig-timestamp"},
			Encoding: provider.Hex, Content: "{timestamp}{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyHex,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event.object_type"},
			Action:  []string{"json:event.action"},
			ID:      []string{"json:event.id"},
			Time:    []provider.TimeAt{{At: "json:event.date_created", Unit: provider.RFC3339}},
			Tenant:  []string{"json:event.organization_id"},
			Subject: []string{"json:event.object_id"},
		},
		Identity: provider.Identity{
			Why: "event.id (ev_...) is unique at Close, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Span: 72 * time.Hour},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature key is hexadecimal and used decoded.",
		},
		Source: "trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func workosRow() provider.Provider {
	return provider.Provider{
		Name:  "workos",
		Title: "WorkOS",
		Docs:  "https://workos.com/docs/events/data-syncing/webhooks",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:workos-signature", Timestamp: "pair:t"},
			Layout: provider.Pairs, Mark: "v1", Separator: ", ", Encoding: provider.Hex, Content: "{timestamp}.{body}",
			TimeUnit: provider.Milliseconds, ToleranceSeconds: 180,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.organization_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: provider.Identity{
			Why: "id (event_...) names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 6, Span: 72 * time.Hour},
		Ranges:       []provider.RangeList{{Name: "workos", Docs: "https://workos.com/docs/events/data-syncing/webhooks"}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "WorkOS/1.0"},
		},
		Pitfalls: []string{
			"The time is in milliseconds, and a blank stands behind the comma.",
		},
		Source: "workos-node, signature-provider.ts and its tests",
		Unsure: []string{"retry"},
	}
}

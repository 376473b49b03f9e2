package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func workosRow() spec.Provider {
	return spec.Provider{
		Name:  "workos",
		Title: "WorkOS",
		Docs:  "https://workos.com/docs/events/data-syncing/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:workos-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Separator: ", ", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 180,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.organization_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "id (event_...) names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 6, Span: 72 * time.Hour, Time: "WorkOS' own libraries refuse what is older than 3 minutes."},
		Ranges:       []spec.RangeList{{Name: "workos", Docs: "https://workos.com/docs/events/data-syncing/webhooks"}},
		Sends: []spec.Header{
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

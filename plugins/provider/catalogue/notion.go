package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func notionRow() provider.Provider {
	return provider.Provider{
		Name:  "notion",
		Title: "Notion",
		Docs:  "https://developers.notion.com/reference/webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-notion-signature"},
			Mark:   "sha256=", Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.RFC3339}},
			Tenant:  []string{"json:workspace_id"},
			Subject: []string{"json:entity.id"},
		},
		Identity: provider.Identity{
			Volatile: []string{"attempt_number"},
			Why:      "id is a UUID of the event, in the signed body, and the same at every try, which attempt_number counts.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "POST", When: "json:verification_token", Without: "header:x-notion-signature", Challenge: "json:verification_token", Unsigned: true, Setup: true}},
		Retry:        provider.Retry{Max: 8, Span: 24 * time.Hour},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "notion-api"},
		},
		Pitfalls: []string{
			"The secret (verification_token) arrives in an unsigned request when the subscription is made: take it only during set-up, and paste it into Notion.",
			"Deliveries tell what changed, not what it is now.",
		},
		Source: "NangoHQ/nango; Notion developer docs, Webhooks",
		Unsure: []string{"retry"},
	}
}

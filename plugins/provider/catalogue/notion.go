package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func notionRow() spec.Provider {
	return spec.Provider{
		Name:  "notion",
		Title: "Notion",
		Docs:  "https://developers.notion.com/reference/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-notion-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:workspace_id"},
			Subject: []string{"json:entity.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"attempt_number"},
			Why:      "id is a UUID of the event, in the signed body, and the same at every try, which attempt_number counts.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "json:verification_token", Without: "header:x-notion-signature", Challenge: "json:verification_token", Unsigned: true, Setup: true}},
		Retry:        spec.Retry{Max: 8, Span: 24 * time.Hour},
		Sends: []spec.Header{
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

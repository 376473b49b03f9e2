package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func ghostRow() provider.Provider {
	return provider.Provider{
		Name:  "ghost",
		Title: "Ghost",
		Docs:  "https://ghost.org/docs/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha256-time", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-ghost-signature", Timestamp: "pair:t"},
			Layout: provider.Pairs, Mark: "sha256", Separator: ", ", Encoding: provider.Hex, Content: "{body}{timestamp}",
			TimeUnit: provider.Milliseconds, ToleranceSeconds: 300,
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"member:post", "member:page", "member:member", "member:tag", "text:event"},
			Time:    []provider.TimeAt{{At: "json:post.current.updated_at", Unit: provider.RFC3339}, {At: "json:member.current.updated_at", Unit: provider.RFC3339}, {At: "json:page.current.updated_at", Unit: provider.RFC3339}},
			Subject: []string{"json:post.current.id", "json:member.current.id", "json:page.current.id", "json:post.previous.id", "json:member.previous.id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body is the resource before and after, each with its updated_at.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      2 * time.Second,
		Retry:        provider.Retry{Max: 5, Note: "An answer of 410 deletes the webhook."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"A body does not name its event: give each event its own route.",
			"Versions before 5.107 signed the body alone: update them.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "TryGhost/Ghost, core/server/services/webhooks; receivers in public repositories",
		Unsure: []string{"first version that signs the time", "retry", "time-out"},
	}
}

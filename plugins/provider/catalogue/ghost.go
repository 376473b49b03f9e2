package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func ghostRow() spec.Provider {
	return spec.Provider{
		Name:  "ghost",
		Title: "Ghost",
		Docs:  "https://ghost.org/docs/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256-time", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-ghost-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "sha256", Separator: ", ", Encoding: spec.Hex, Content: "{body}{timestamp}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"member:post", "member:page", "member:member", "member:tag", "text:event"},
			Time:    []spec.TimeAt{{At: "json:post.current.updated_at", Unit: spec.RFC3339}, {At: "json:member.current.updated_at", Unit: spec.RFC3339}, {At: "json:page.current.updated_at", Unit: spec.RFC3339}},
			Subject: []string{"json:post.current.id", "json:member.current.id", "json:page.current.id", "json:post.previous.id", "json:member.previous.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body is the resource before and after, each with its updated_at.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      2 * time.Second,
		Retry:        spec.Retry{Max: 5, Note: "An answer of 410 deletes the webhook.", Time: "How far apart the tries are is not documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
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

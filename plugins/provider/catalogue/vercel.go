package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func vercelRow() provider.Provider {
	return provider.Provider{
		Name:  "vercel",
		Title: "Vercel",
		Docs:  "https://vercel.com/docs/webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha1", Kind: provider.HMAC, Hash: provider.SHA1,
			Family:   provider.Family{Signature: "header:x-vercel-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:createdAt", Unit: provider.Milliseconds}},
			Tenant:  []string{"json:payload.team.id", "json:payload.user.id"},
			Subject: []string{"json:payload.project.id", "json:payload.deployment.id"},
		},
		Identity: provider.Identity{
			Why: "id names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        provider.Retry{Span: 24 * time.Hour},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"HMAC with SHA-1 is all that is offered, without a prefix.",
		},
		Source: "hookdeck/webhook-skills, vercel; trigger.dev source catalogue",
		Unsure: []string{"retry", "time-out"},
	}
}

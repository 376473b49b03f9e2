package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func vercelRow() spec.Provider {
	return spec.Provider{
		Name:  "vercel",
		Title: "Vercel",
		Docs:  "https://vercel.com/docs/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "header:x-vercel-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:createdAt", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:payload.team.id", "json:payload.user.id"},
			Subject: []string{"json:payload.project.id", "json:payload.deployment.id"},
		},
		Identity: spec.Identity{
			Why: "id names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour},
		Sends: []spec.Header{
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

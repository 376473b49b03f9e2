package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func greenhouseRow() spec.Provider {
	return spec.Provider{
		Name:  "greenhouse",
		Title: "Greenhouse",
		Docs:  "https://developers.greenhouse.io/webhooks.html",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:signature"},
			Mark:   "sha256 ", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:action"},
			ID:      []string{"header:greenhouse-event-id"},
			Subject: []string{"json:payload.application.id", "json:payload.candidate.id", "json:payload.job.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "Greenhouse-Event-ID is not signed, so that the content is what an event is known by: it holds the whole object with its times.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 6, Span: 16 * time.Hour, Note: "With growing pauses."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "greenhouse-event-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"The header is the hash's name, a blank and the signature.",
			"Onboarding webhooks are signed alike.",
		},
		Source: "Greenhouse developer docs, Web Hooks (Authentication)",
		Unsure: []string{"retry", "whether an object can come twice without a change"},
	}
}

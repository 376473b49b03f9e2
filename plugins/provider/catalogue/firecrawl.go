package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func firecrawlRow() spec.Provider {
	return spec.Provider{
		Name:  "firecrawl",
		Title: "Firecrawl",
		Docs:  "https://docs.firecrawl.dev/webhooks/overview",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-firecrawl-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:webhookId"},
			Subject: []string{"json:id"},
		},
		Identity: spec.Identity{
			Why: "webhookId is that of the event, in the signed body, while id is that of the job.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 3, Span: 21 * time.Minute, Note: "After 1, 5 and 15 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"One secret, in the advanced settings of the account, signs for all jobs.",
			"A job names its webhook and its events itself, in the request that starts it.",
		},
		Source: "Firecrawl docs, Webhooks; @trigger.dev/core, v3/webhooks/index.js",
	}
}

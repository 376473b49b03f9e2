package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func webflowRow() provider.Provider {
	return provider.Provider{
		Name:  "webflow",
		Title: "Webflow",
		Docs:  "https://developers.webflow.com/data/docs/working-with-webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-webflow-signature", Timestamp: "header:x-webflow-timestamp"},
			Encoding: provider.Hex, Content: "{timestamp}:{body}",
			TimeUnit: provider.Milliseconds, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:triggerType"},
			Time:    []provider.TimeAt{{At: "json:payload.submittedAt", Unit: provider.RFC3339}, {At: "json:payload.lastPublished", Unit: provider.RFC3339}},
			Tenant:  []string{"json:payload.siteId"},
			Subject: []string{"json:payload.formId", "json:payload.pageId", "json:payload.id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the time of what happened and what it is about.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 3, Span: 30 * time.Minute, Note: "10 minutes apart."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Webhooks made in the dashboard are not signed: make them through the API.",
			"The key is the app's client secret, or the webhook's own secret since 2025.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "hookdeck/webhook-skills, webflow; Webflow developer docs, Request signatures",
		Unsure: []string{"retry"},
	}
}

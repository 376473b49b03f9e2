package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func webflowRow() spec.Provider {
	return spec.Provider{
		Name:  "webflow",
		Title: "Webflow",
		Docs:  "https://developers.webflow.com/data/docs/working-with-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-webflow-signature", Timestamp: "header:x-webflow-timestamp"},
			Encoding: spec.Hex, Content: "{timestamp}:{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:triggerType"},
			Time:    []spec.TimeAt{{At: "json:payload.submittedAt", Unit: spec.RFC3339}, {At: "json:payload.lastPublished", Unit: spec.RFC3339}},
			Tenant:  []string{"json:payload.siteId"},
			Subject: []string{"json:payload.formId", "json:payload.pageId", "json:payload.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time of what happened and what it is about.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 3, Span: 30 * time.Minute, Note: "10 minutes apart.", Time: "Webflow's own library refuses what is older than 5 minutes."},
		Sends: []spec.Header{
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

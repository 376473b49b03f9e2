package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func ashbyRow() spec.Provider {
	return spec.Provider{
		Name:  "ashby",
		Title: "Ashby",
		Docs:  "https://developers.ashbyhq.com/docs/setting-up-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:ashby-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:action"},
			Time:    []spec.TimeAt{{At: "json:data.application.updatedAt", Unit: spec.RFC3339}},
			Subject: []string{"json:data.application.id", "json:data.candidate.id", "json:data.offer.id", "json:data.job.id"},
		},
		Identity: spec.Identity{
			Why: "There is no id of the delivery: a body holds what happened and the whole object with its time of change.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 9, Span: 10130 * time.Second, Note: "(2^n - 1) * 10 seconds after the n-th; not after 401, 403, 404, 405 and 410."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret token is optional: a webhook without one is not signed, and is refused.",
			"Saving a webhook sends a ping.",
		},
		Source: "Ashby docs, Setting up Webhooks, Authenticating Webhooks and Retries",
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func herokuRow() spec.Provider {
	return spec.Provider{
		Name:  "heroku",
		Title: "Heroku",
		Docs:  "https://devcenter.heroku.com/articles/app-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:heroku-webhook-hmac-sha256"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:webhook_metadata.event.include", "json:resource"},
			Levels:  spec.LevelsColon,
			Action:  []string{"json:action"},
			ID:      []string{"json:webhook_metadata.delivery.id", "json:id"},
			Time:    []spec.TimeAt{{At: "json:published_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.app.name"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"webhook_metadata.attempt"},
			Why:      "webhook_metadata.delivery.id is a UUID, in the signed body, and the same at every try; attempt is that of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Tried again where the subscription's notify level is sync."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret is shown once, in the header Heroku-Webhook-Secret of the create call's answer, unless you set one.",
		},
		Source: "Heroku Dev Center, App webhooks",
		Unsure: []string{"retry", "time-out"},
	}
}

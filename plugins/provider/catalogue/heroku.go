package catalogue

import "webhookedge/plugins/provider"

func herokuRow() provider.Provider {
	return provider.Provider{
		Name:  "heroku",
		Title: "Heroku",
		Docs:  "https://devcenter.heroku.com/articles/app-webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:heroku-webhook-hmac-sha256"},
			Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:webhook_metadata.event.include", "json:resource"},
			Action:  []string{"json:action"},
			ID:      []string{"json:webhook_metadata.delivery.id", "json:id"},
			Time:    []provider.TimeAt{{At: "json:published_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.app.name"},
			Subject: []string{"json:data.id"},
		},
		Identity: provider.Identity{
			Volatile: []string{"webhook_metadata.attempt"},
			Why:      "webhook_metadata.delivery.id is a UUID, in the signed body, and the same at every try; attempt is that of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "Tried again where the subscription's notify level is sync."},
		Sends: []provider.Header{
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

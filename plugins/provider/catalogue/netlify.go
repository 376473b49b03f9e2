package catalogue

import "webhookedge/plugins/provider"

func netlifyRow() provider.Provider {
	return provider.Provider{
		Name:  "netlify",
		Title: "Netlify",
		Docs:  "https://docs.netlify.com/site-deploys/notifications/",
		Schemes: []provider.Scheme{{
			Name: "jwt", Kind: provider.JSONToken,
			Family: provider.Family{Signature: "header:x-webhook-signature"},
			Binds:  []provider.Bind{{At: "claim:sha256", Content: "{body|sha256|hex}"}},
			Key:    provider.KeyText,
			JWT:    provider.JWT{Algorithms: []provider.Algorithm{provider.HS256}, Issuers: []string{"netlify"}},
		}},
		Facts: provider.Locators{
			Type:    []string{"json:state"},
			Time:    []provider.TimeAt{{At: "json:updated_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:site_id"},
			Subject: []string{"json:name"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body, whose hash is signed, holds the deploy, its state and updated_at in milliseconds.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "Six failures in a row disable the notification."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"A notification without a JWS secret token is not signed, so it is refused.",
			"A delivery carries no id of its own, only that of the deploy, which all events of one deploy share.",
		},
		Source: "Netlify docs, Deploy notifications: payload signature; trigger.dev source catalogue",
		Unsure: []string{"places of the event's facts", "retry"},
	}
}

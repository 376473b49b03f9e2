package catalogue

import "webhookedge/plugins/provider/spec"

func netlifyRow() spec.Provider {
	return spec.Provider{
		Name:  "netlify",
		Title: "Netlify",
		Docs:  "https://docs.netlify.com/site-deploys/notifications/",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "header:x-webhook-signature"},
			Binds:  []spec.Bind{{At: "claim:sha256", Content: "{body|sha256|hex}"}},
			Key:    spec.KeyText,
			JWT:    spec.JWT{Algorithms: []spec.Algorithm{spec.HS256}, Issuers: []string{"netlify"}},
		}},
		Facts: spec.Locators{
			Type:    []string{"json:state"},
			Time:    []spec.TimeAt{{At: "json:updated_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:site_id"},
			Subject: []string{"json:name"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body, whose hash is signed, holds the deploy, its state and updated_at in milliseconds.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Six failures in a row disable the notification."},
		Cutoff:       spec.Cutoff{Failures: 6},
		Sends: []spec.Header{
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

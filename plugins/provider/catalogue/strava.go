package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func stravaRow() spec.Provider {
	return spec.Provider{
		Name:  "strava",
		Title: "Strava",
		Docs:  "https://developers.strava.com/docs/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "query", Kind: spec.Token,
			Family: spec.Family{Signature: "query:secret"},
			Key:    spec.KeyText,
		}},
		Settings: []spec.Setting{{
			Name: "verify_token", Doc: "The token that was entered beside the callback URL; the check of the endpoint repeats it.",
			Secret: true, Example: "octo-corp-verify-token",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:object_type"},
			Action:  []string{"json:aspect_type"},
			Time:    []spec.TimeAt{{At: "json:event_time", Unit: spec.Seconds}},
			Tenant:  []string{"json:owner_id"},
			Subject: []string{"json:object_id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time of the event, the object and what changed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:hub.mode", Is: "subscribe", Token: "query:hub.verify_token", TokenSetting: "verify_token", Challenge: "query:hub.challenge", Answer: spec.Answer{ContentType: "application/json", Body: `{"hub.challenge":{challenge|json}}`}, Unsigned: true}},
		Timeout:      2 * time.Second,
		Retry:        spec.Retry{Max: 3},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Strava does not sign: the secret is the query parameter secret of the callback URL; keep it out of access logs.",
			"The answer to the validation is JSON, not plain text.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Strava developer docs, Webhook events API; hookdeck strava skill",
		Unsure: []string{"retry"},
	}
}

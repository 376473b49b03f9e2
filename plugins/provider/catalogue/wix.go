package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func wixRow() spec.Provider {
	return spec.Provider{
		Name:  "wix",
		Title: "Wix apps",
		Docs:  "https://dev.wix.com/docs/build-apps/develop-your-app/api-integrations/events-and-webhooks/about-webhooks",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "body"},
			Key:    spec.KeyPEM,
			// A token of a user of the same app has no data.
			JWT: spec.JWT{Algorithms: []spec.Algorithm{spec.RS256}, Needs: []string{"data"}},
		}},
		Facts: spec.Locators{
			Type:    []string{"nested:data/json:eventType"},
			Levels:  spec.LevelsDot,
			ID:      []string{"nested:data/nested:data/json:id"},
			Time:    []spec.TimeAt{{At: "nested:data/nested:data/json:eventTime", Unit: spec.RFC3339}, {At: "json:iat", Unit: spec.Seconds}},
			Tenant:  []string{"nested:data/json:instanceId"},
			Subject: []string{"nested:data/nested:data/json:entityId"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "id of a domain event; other events have none and are known by the claims of the token.",
		},
		ContentTypes: []string{"application/jwt"},
		Timeout:      1250 * time.Millisecond,
		Retry:        spec.Retry{Max: 12, Span: 2831 * time.Minute, Note: "After 1 and 10 minutes and 1 hour, then 2, 4 and 8 hours, three, three and two times, and 12 hours; where the answer is no 200."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/jwt"},
		},
		Pitfalls: []string{
			"The body is a JWT. Its claim data is JSON in a text, with another in its own member data, and stays so in the event.",
			"The secret is the public key of the app, from its webhooks page; Wix signs for an app with a key of its own.",
			"instanceId tells the site in which the app is installed, and is the tenant.",
		},
		Source: "@wix/sdk (npm) 1.21.16, build/event-handlers-modules.js, parseJWT (data, eventType, instanceId, domain events) and build/auth/AppStrategy.js, decodeJWT (RS256, public key); Wix docs, Webhook resend policy (1250 ms, 12 more attempts)",
		Unsure: []string{"content type", "whether a later try is signed anew"},
	}
}

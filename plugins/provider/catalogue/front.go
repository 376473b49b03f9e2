package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func frontRow() provider.Provider {
	return provider.Provider{
		Name:  "front",
		Title: "Front",
		Docs:  "https://dev.frontapp.com/docs/application-webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-front-signature", Timestamp: "header:x-front-request-timestamp"},
			Encoding: provider.Base64, Content: "{timestamp}:{body}",
			TimeUnit: provider.EitherUnit, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}, {
			Name: "rule", Kind: provider.HMAC, Hash: provider.SHA1, Weak: true,
			Family:   provider.Family{Signature: "header:x-front-signature"},
			Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:payload.id", "json:id"},
			Time:    []provider.TimeAt{{At: "json:emitted_at", Unit: provider.Fraction}, {At: "json:payload.emitted_at", Unit: provider.Fraction}},
			Tenant:  []string{"json:authorization.id"},
			Subject: []string{"json:payload.conversation.id", "json:conversation.id"},
		},
		Identity: provider.Identity{
			Why: "payload.id (evt_...) names the event, in the signed body; that of a rule is id.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "POST", When: "header:x-front-challenge", Challenge: "header:x-front-challenge", Answer: provider.Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}}},
		Timeout:      5 * time.Second,
		Retry:        provider.Retry{Max: 3},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Rule webhooks sign the body alone with SHA-1 under the same header name (scheme rule, which must be chosen): application webhooks are better.",
			"The signed request sync carries X-Front-Challenge, which is sent back while the endpoint is saved.",
		},
		Source: "Front developer docs, Application webhooks, and receivers in public repositories (header, signed text, challenge)",
		Unsure: []string{"unit of the timestamp: seconds and milliseconds are both taken", "time-out"},
	}
}

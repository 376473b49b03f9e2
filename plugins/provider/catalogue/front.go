package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func frontRow() spec.Provider {
	return spec.Provider{
		Name:  "front",
		Title: "Front",
		Docs:  "https://dev.frontapp.com/docs/application-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-front-signature", Timestamp: "header:x-front-request-timestamp"},
			Encoding: spec.Base64, Content: "{timestamp}:{body}",
			TimeUnit: spec.EitherUnit, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}, {
			Name: "rule", Kind: spec.HMAC, Hash: spec.SHA1, Weak: true,
			Family:   spec.Family{Signature: "header:x-front-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:payload.id", "json:id"},
			Time:    []spec.TimeAt{{At: "json:emitted_at", Unit: spec.Fraction}, {At: "json:payload.emitted_at", Unit: spec.Fraction}},
			Tenant:  []string{"json:authorization.id"},
			Subject: []string{"json:payload.conversation.id", "json:conversation.id"},
		},
		Identity: spec.Identity{
			Why: "payload.id (evt_...) names the event, in the signed body; that of a rule is id.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "header:x-front-challenge", Challenge: "header:x-front-challenge", Answer: spec.Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}}},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 3, Time: "How far apart the tries are is not documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func vapiRow() spec.Provider {
	return spec.Provider{
		Name:  "vapi",
		Title: "Vapi",
		Docs:  "https://docs.vapi.ai/server-url/server-authentication",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-vapi-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}, {
			Name: "token", Kind: spec.Token, Weak: true,
			Family: spec.Family{Signature: "header:x-vapi-secret"},
			Key:    spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:message.type"},
			Time:    []spec.TimeAt{{At: "json:message.timestamp", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:message.assistant.id"},
			Subject: []string{"json:message.call.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and the call.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      20 * time.Second,
		Retry:        spec.Retry{Note: "No retry."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"assistant-request and tool-calls want an answer with a body: send them elsewhere.",
			"The header X-Vapi-Secret only repeats the secret and must be chosen (scheme token).",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "trigger.dev source catalogue; Vapi docs, Server authentication",
		Unsure: []string{"time-out"},
	}
}

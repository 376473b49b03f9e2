package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func vapiRow() provider.Provider {
	return provider.Provider{
		Name:  "vapi",
		Title: "Vapi",
		Docs:  "https://docs.vapi.ai/server-url/server-authentication",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-vapi-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}, {
			Name: "token", Kind: provider.Token, Weak: true,
			Family: provider.Family{Signature: "header:x-vapi-secret"},
			Key:    provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:message.type"},
			Time:    []provider.TimeAt{{At: "json:message.timestamp", Unit: provider.Milliseconds}},
			Tenant:  []string{"json:message.assistant.id"},
			Subject: []string{"json:message.call.id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and the call.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      20 * time.Second,
		Retry:        provider.Retry{Note: "No retry."},
		Sends: []provider.Header{
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

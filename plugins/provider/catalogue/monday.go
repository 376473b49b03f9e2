package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func mondayRow() provider.Provider {
	return provider.Provider{
		Name:  "monday",
		Title: "monday.com",
		Docs:  "https://developer.monday.com/api-reference/docs/webhooks",
		Schemes: []provider.Scheme{{
			Name: "jwt", Kind: provider.JSONToken,
			Family:       provider.Family{Signature: "header:authorization"},
			BodyUnsigned: true,
			Key:          provider.KeyText,
			JWT:          provider.JWT{Algorithms: []provider.Algorithm{provider.HS256}, NeedExpiry: true},
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event.type"},
			ID:      []string{"json:event.triggerUuid"},
			Time:    []provider.TimeAt{{At: "json:event.triggerTime", Unit: provider.RFC3339}},
			Tenant:  []string{"json:event.boardId"},
			Subject: []string{"json:event.pulseId", "json:event.itemId"},
		},
		Identity: provider.Identity{
			Why: "triggerUuid names the event, in a body that the JWT does not cover.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "POST", When: "json:challenge", Challenge: "json:challenge", Answer: provider.Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}, Unsigned: true}},
		Timeout:      180 * time.Second,
		Retry:        provider.Retry{Max: 30, Span: 30 * time.Minute, Note: "Every minute."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Webhooks that an API token made are not signed: make them by an app, whose signing secret is the key.",
			"The token says nothing of the body: it proves that monday.com calls, not what.",
		},
		Source: "monday.com developer docs, Webhooks, and changelog (time-out); real deliveries",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func mondayRow() spec.Provider {
	return spec.Provider{
		Name:  "monday",
		Title: "monday.com",
		Docs:  "https://developer.monday.com/api-reference/docs/webhooks",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family:       spec.Family{Signature: "header:authorization"},
			BodyUnsigned: true,
			Key:          spec.KeyText,
			JWT:          spec.JWT{Algorithms: []spec.Algorithm{spec.HS256}, NeedExpiry: true},
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.type"},
			ID:      []string{"json:event.triggerUuid"},
			Time:    []spec.TimeAt{{At: "json:event.triggerTime", Unit: spec.RFC3339}},
			Tenant:  []string{"json:event.boardId"},
			Subject: []string{"json:event.pulseId", "json:event.itemId"},
		},
		Identity: spec.Identity{
			Why: "triggerUuid names the event, in a body that the JWT does not cover.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "json:challenge", Challenge: "json:challenge", Answer: spec.Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}, Unsigned: true}},
		Timeout:      180 * time.Second,
		Retry:        spec.Retry{Max: 30, Span: 30 * time.Minute, Note: "Every minute."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Webhooks that an API token made are not signed: make them by an app, whose signing secret is the key.",
			"The token says nothing of the body: it proves that monday.com calls, not what.",
		},
		Source: "monday.com developer docs, Webhooks, and changelog (time-out, tries); real deliveries",
	}
}

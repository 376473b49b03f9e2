package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func whatsappRow() spec.Provider {
	return spec.Provider{
		Name:  "whatsapp",
		Title: "WhatsApp Cloud API",
		Docs:  "https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-hub-signature-256"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Settings: []spec.Setting{{
			Name: "verify_token", Doc: "The token that was entered beside the callback URL; the check of the endpoint repeats it.",
			Secret: true, Example: "octo-corp-verify-token",
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{At: "entry", Within: []spec.Level{
			{Lists: []string{"changes"}},
			{Lists: []string{"value.messages", "value.statuses", "value.message_echoes", "value.calls"}},
		}, Facts: spec.Locators{
			Type:    []string{"json:changes.0.field"},
			Action:  []string{"json:changes.0.value.messages.0.type", "json:changes.0.value.statuses.0.status", "json:changes.0.value.message_echoes.0.type", "json:changes.0.value.calls.0.event"},
			ID:      []string{"json:changes.0.value.messages.0.id", "json:changes.0.value.statuses.0.id + json:changes.0.value.statuses.0.status", "json:changes.0.value.message_echoes.0.id", "json:changes.0.value.calls.0.id + json:changes.0.value.calls.0.event"},
			Time:    []spec.TimeAt{{At: "json:changes.0.value.messages.0.timestamp", Unit: spec.Seconds}, {At: "json:changes.0.value.statuses.0.timestamp", Unit: spec.Seconds}, {At: "json:changes.0.value.message_echoes.0.timestamp", Unit: spec.Seconds}, {At: "json:changes.0.value.calls.0.timestamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:id"},
			Subject: []string{"json:changes.0.value.metadata.phone_number_id"},
		}},
		Identity: spec.Identity{
			Why: "A message has an id that is unique at WhatsApp; its status has one receipt for each status. Both are in the signed body; other changes are known by what was signed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:hub.mode", Is: "subscribe", Token: "query:hub.verify_token", TokenSetting: "verify_token", Challenge: "query:hub.challenge", Answer: spec.Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true}},
		Retry:        spec.Retry{Span: 168 * time.Hour, Note: "With growing pauses."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "facebookexternalua"},
		},
		Pitfalls: []string{
			"The key is the app secret; the verify token of the handshake is another one.",
			"Statuses of one message share its id and come in any order: the id of a status is that of the message with the status.",
			"A delivery may hold several entries, changes, messages and statuses, each of which becomes an event of its own.",
		},
		Source: "WhatsApp docs, Set up webhooks; fbsamples (handshake); trigger.dev source catalogue",
		Unsure: []string{"length of the retries"},
	}
}

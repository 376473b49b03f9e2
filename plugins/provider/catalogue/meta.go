package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func metaRow() spec.Provider {
	return spec.Provider{
		Name:  "meta",
		Title: "Meta (Facebook, Instagram, Messenger, Threads)",
		Docs:  "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
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
		Facts: spec.Locators{
			Type: []string{"json:object"},
		},
		Batch: &spec.Batch{At: "entry", Within: []spec.Level{{Lists: []string{"changes", "messaging", "standby"}}}, Facts: spec.Locators{
			Action: []string{
				"json:changes.0.field", "member:messaging.0.message", "member:messaging.0.postback", "member:messaging.0.reaction", "member:messaging.0.delivery",
				"member:messaging.0.read", "member:messaging.0.optin", "member:messaging.0.referral", "member:standby.0.message",
			},
			ID:      []string{"json:messaging.0.message.mid", "json:standby.0.message.mid"},
			Time:    []spec.TimeAt{{At: "json:time", Unit: spec.Seconds}, {At: "json:time", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:id"},
			Subject: []string{"json:messaging.0.sender.id", "json:standby.0.sender.id", "json:changes.0.value.id"},
		}},
		Identity: spec.Identity{
			Why: "A message has a mid, in the signed body; other changes have no id and hold a time, so that what was signed is their identity.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:hub.mode", Is: "subscribe", Token: "query:hub.verify_token", TokenSetting: "verify_token", Challenge: "query:hub.challenge", Answer: spec.Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true}},
		Timeout:      20 * time.Second,
		Retry:        spec.Retry{Span: 36 * time.Hour, Note: "At once, then less and less often for 36 h."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "facebookexternalua"},
		},
		Pitfalls: []string{
			"A delivery holds up to 1000 changes, each of which becomes an event of its own.",
			"The key is the app secret; the verify token of the handshake is another one.",
			`Bodies escape non-ASCII as \\uXXXX: written anew they fail.`,
			"Only messages have an id: other changes are known by the body, so that a try whose body differs counts as another event.",
		},
		Source: "fbsamples/graph-api-webhooks-samples (handshake); Meta docs, Webhooks: Getting started (signature)",
		Unsure: []string{"time-out", "retry", "unit of entry.time differs by product"},
	}
}

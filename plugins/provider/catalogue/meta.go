package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func metaRow() provider.Provider {
	return provider.Provider{
		Name:  "meta",
		Title: "Meta (Facebook, Instagram, Messenger, Threads)",
		Docs:  "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-hub-signature-256"},
			Mark:   "sha256=", Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Settings: []provider.Setting{{
			Name: "verify_token", Doc: "The token that was entered beside the callback URL; the check of the endpoint repeats it.",
			Secret: true, Example: "octo-corp-verify-token",
		}},
		Facts: provider.Locators{
			Type: []string{"json:object"},
		},
		Batch: &provider.Batch{At: "entry", Within: []provider.Level{{Lists: []string{"changes", "messaging", "standby"}}}, Facts: provider.Locators{
			Action: []string{
				"json:changes.0.field", "member:messaging.0.message", "member:messaging.0.postback", "member:messaging.0.reaction", "member:messaging.0.delivery",
				"member:messaging.0.read", "member:messaging.0.optin", "member:messaging.0.referral", "member:standby.0.message",
			},
			ID:      []string{"json:messaging.0.message.mid", "json:standby.0.message.mid"},
			Time:    []provider.TimeAt{{At: "json:time", Unit: provider.Seconds}, {At: "json:time", Unit: provider.Milliseconds}},
			Tenant:  []string{"json:id"},
			Subject: []string{"json:messaging.0.sender.id", "json:standby.0.sender.id", "json:changes.0.value.id"},
		}},
		Identity: provider.Identity{
			Why: "A message has a mid, in the signed body; other changes have no id and hold a time, so that what was signed is their identity.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "GET", When: "query:hub.mode", Is: "subscribe", Token: "query:hub.verify_token", TokenSetting: "verify_token", Challenge: "query:hub.challenge", Answer: provider.Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true}},
		Timeout:      20 * time.Second,
		Retry:        provider.Retry{Span: 36 * time.Hour, Note: "At once, then less and less often for 36 h."},
		Sends: []provider.Header{
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

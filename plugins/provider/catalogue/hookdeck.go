package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func hookdeckRow() spec.Provider {
	return spec.Provider{
		Name:  "hookdeck",
		Title: "Hookdeck",
		Docs:  "https://hookdeck.com/docs/authentication",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-hookdeck-signature", Also: []string{"header:x-hookdeck-signature-2"}},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type", "json:event_type", "json:event", "text:event"},
			Levels:  spec.LevelsDot,
			ID:      []string{"header:x-hookdeck-eventid"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}, {At: "json:timestamp", Unit: spec.RFC3339}},
			Subject: []string{"json:data.id", "json:id"},
		},
		Identity: spec.Identity{
			Why: "X-Hookdeck-EventID is the same at every try and not signed, so that the digest of the body joins it.",
		},
		ContentTypes: []string{"application/json", "application/xml", "text/plain"},
		Timeout:      60 * time.Second,
		Retry:        spec.Retry{Note: "As the connection's retry rule says, up to 50 tries within a week."},
		On429:        "Tried again by the rule, after Retry-After where there is one.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-hookdeck-attempt-count", Value: "1"},
			{Name: "x-hookdeck-eventid", Value: "{id}"},
			{Name: "x-hookdeck-source-name", Value: "octo-source"},
			{Name: "x-hookdeck-verified", Value: "true"},
		},
		Pitfalls: []string{
			"The body is that of the sender before Hookdeck, and so are its facts: name them under custom where you know the sender.",
			"The second header has the signature by the secret before, while it is rolled.",
			"A connection must have source authentication: x-hookdeck-verified, which says so, is not signed.",
			"Hookdeck writes numbers of more than 58 bits as strings.",
		},
		Source: "@hookdeck/sdk 0.4.0, webhooks/helpers.js; Hookdeck docs, Authentication and Destinations",
		Unsure: []string{"time-out", "retry", "places of the facts: those of most senders"},
	}
}

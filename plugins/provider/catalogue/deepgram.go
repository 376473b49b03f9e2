package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func deepgramRow() spec.Provider {
	return spec.Provider{
		Name:  "deepgram",
		Title: "Deepgram callbacks",
		Docs:  "https://developers.deepgram.com/docs/callback",
		Schemes: []spec.Scheme{{
			Name: "basic", Kind: spec.Basic,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyUser, KeyMin: 8,
		}, {
			Name: "dg-token", Kind: spec.Token, Weak: true,
			Family: spec.Family{Signature: "header:dg-token"},
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"text:transcription"},
			ID:      []string{"json:metadata.request_id"},
			Time:    []spec.TimeAt{{At: "json:metadata.created", Unit: spec.RFC3339}},
			Subject: []string{"json:metadata.sha256"},
		},
		Identity: spec.Identity{
			Why: "request_id is a UUID of the request whose result is called back once.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 10, Span: 5 * time.Minute, Note: "30 s apart."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The header dg-token names the API key and is no secret (scheme dg-token, which must be chosen): put user and password into the callback URL.",
			"The secret is user:password of the callback URL.",
		},
		Source: "hookdeck/webhook-skills, deepgram; Deepgram docs, Callback",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func deepgramRow() provider.Provider {
	return provider.Provider{
		Name:  "deepgram",
		Title: "Deepgram callbacks",
		Docs:  "https://developers.deepgram.com/docs/callback",
		Schemes: []provider.Scheme{{
			Name: "basic", Kind: provider.Basic,
			Family: provider.Family{Signature: "header:authorization"},
			Key:    provider.KeyUser, KeyMin: 8,
		}, {
			Name: "dg-token", Kind: provider.Token, Weak: true,
			Family: provider.Family{Signature: "header:dg-token"},
			Key:    provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"text:transcription"},
			ID:      []string{"json:metadata.request_id"},
			Time:    []provider.TimeAt{{At: "json:metadata.created", Unit: provider.RFC3339}},
			Subject: []string{"json:metadata.sha256"},
		},
		Identity: provider.Identity{
			Why: "request_id is a UUID of the request whose result is called back once.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 10, Span: 5 * time.Minute, Note: "30 s apart."},
		Sends: []provider.Header{
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

package catalogue

import "webhookedge/plugins/provider"

func authorizeNetRow() provider.Provider {
	return provider.Provider{
		Name:  "authorize-net",
		Title: "Authorize.Net",
		Docs:  "https://developer.authorize.net/api/reference/features/webhooks.html",
		Schemes: []provider.Scheme{{
			Name: "sha512", Kind: provider.HMAC, Hash: provider.SHA512,
			Family: provider.Family{Signature: "header:x-anet-signature"},
			Mark:   "sha512=", Encoding: provider.HexUpper, Content: "{body}",
			Key: provider.KeyHex,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:eventType"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:notificationId"},
			Time:    []provider.TimeAt{{At: "json:eventDate", Unit: provider.RFC3339}},
			Subject: []string{"json:payload.id"},
		},
		Identity: provider.Identity{
			Why: "notificationId is a UUID of Authorize.Net's, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 10, Note: "The pauses grow from 3 minutes to 8 hours; then the webhook becomes inactive."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature is upper-case hexadecimal.",
			"The signature key is hexadecimal and used decoded, as most client libraries do.",
		},
		Source: "trigger.dev source catalogue; Authorize.Net client libraries",
		Unsure: []string{"key form", "retry"},
	}
}

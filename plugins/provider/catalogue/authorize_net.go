package catalogue

import "webhookedge/plugins/provider/spec"

func authorizeNetRow() spec.Provider {
	return spec.Provider{
		Name:  "authorize-net",
		Title: "Authorize.Net",
		Docs:  "https://developer.authorize.net/api/reference/features/webhooks.html",
		Schemes: []spec.Scheme{{
			Name: "sha512", Kind: spec.HMAC, Hash: spec.SHA512,
			Family: spec.Family{Signature: "header:x-anet-signature"},
			Mark:   "sha512=", Encoding: spec.HexUpper, Content: "{body}",
			Key: spec.KeyHex,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventType"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:notificationId"},
			Time:    []spec.TimeAt{{At: "json:eventDate", Unit: spec.RFC3339}},
			Subject: []string{"json:payload.id"},
		},
		Identity: spec.Identity{
			Why: "notificationId is a UUID of Authorize.Net's, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 10, Note: "The pauses grow from 3 minutes to 8 hours; then the webhook becomes inactive."},
		Sends: []spec.Header{
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

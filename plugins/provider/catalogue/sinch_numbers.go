package catalogue

import "webhookedge/plugins/provider/spec"

func sinchNumbersRow() spec.Provider {
	return spec.Provider{
		Name:  "sinch-numbers",
		Title: "Sinch Numbers",
		Docs:  "https://developers.sinch.com/docs/numbers/api-reference/numbers/numbers-callbacks",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "header:x-sinch-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventType"},
			Action:  []string{"json:status"},
			ID:      []string{"json:eventId"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.DateTime}},
			Tenant:  []string{"json:projectId"},
			Subject: []string{"json:resourceId"},
		},
		Identity: spec.Identity{
			Why: "eventId is in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Unknown."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret is the hmacSecret of the project's callback configuration, of 16 characters or more.",
			"Events come for numbers that have a callbackUrl.",
		},
		Source: "@sinch/sdk-client, utils/authorization.helper.js (validateSignatureHeader)",
		Unsure: []string{"places of the event's facts", "retry"},
	}
}

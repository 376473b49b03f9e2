package catalogue

import "webhookedge/plugins/provider/spec"

func viberRow() spec.Provider {
	return spec.Provider{
		Name:  "viber",
		Title: "Viber",
		Docs:  "https://developers.viber.com/docs/api/rest-bot-api/#callbacks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-viber-content-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:chat_hostname"},
			Subject: []string{"json:sender.id", "json:user.id", "json:user_id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds, the token of the message and the user.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Messages are tried again."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the bot's authentication token.",
			"set_webhook sends the event webhook, which must get 200.",
			"Callbacks on one message share its message_token, so the id is made of the body.",
		},
		Source: "Viber REST API docs, Callbacks; viber-bot libraries",
		Unsure: []string{"retry"},
	}
}

package catalogue

import "webhookedge/plugins/provider"

func viberRow() provider.Provider {
	return provider.Provider{
		Name:  "viber",
		Title: "Viber",
		Docs:  "https://developers.viber.com/docs/api/rest-bot-api/#callbacks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-viber-content-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.Milliseconds}},
			Tenant:  []string{"json:chat_hostname"},
			Subject: []string{"json:sender.id", "json:user.id", "json:user_id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds, the token of the message and the user.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "Messages are tried again."},
		Sends: []provider.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func telegramRow() spec.Provider {
	return spec.Provider{
		Name:  "telegram",
		Title: "Telegram Bot API",
		Docs:  "https://core.telegram.org/bots/api#setwebhook",
		Schemes: []spec.Scheme{{
			Name: "token", Kind: spec.Token,
			Family: spec.Family{Signature: "header:x-telegram-bot-api-secret-token"},
			Key:    spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type: []string{
				"member:message", "member:edited_message", "member:channel_post", "member:edited_channel_post", "member:business_connection",
				"member:business_message", "member:edited_business_message", "member:deleted_business_messages", "member:message_reaction",
				"member:message_reaction_count", "member:inline_query", "member:chosen_inline_result", "member:callback_query", "member:shipping_query",
				"member:pre_checkout_query", "member:purchased_paid_media", "member:poll", "member:poll_answer", "member:my_chat_member",
				"member:chat_member", "member:chat_join_request", "member:chat_boost", "member:removed_chat_boost", "text:update",
			},
			ID:      []string{"json:update_id"},
			Time:    []spec.TimeAt{{At: "json:message.date", Unit: spec.Seconds}, {At: "json:edited_message.date", Unit: spec.Seconds}, {At: "json:channel_post.date", Unit: spec.Seconds}, {At: "json:callback_query.message.date", Unit: spec.Seconds}},
			Subject: []string{"json:message.chat.id", "json:edited_message.chat.id", "json:channel_post.chat.id", "json:callback_query.message.chat.id", "json:my_chat_member.chat.id"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute,
			Why:   "update_id counts for one bot, and a route is for one bot.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "Tried again a reasonable number of times; updates are kept for 24 h."},
		Ranges:       []spec.RangeList{{Name: "telegram", Docs: "https://core.telegram.org/bots/webhooks"}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The token is the secret_token given to setWebhook: letters, digits, _ and -, up to 256.",
			"There is no signature: the token travels in a header of every delivery.",
			"Ports 443, 80, 88 and 8443 only.",
			"An update names its kind by the key beside update_id; the event is always update.",
		},
		Source: "Telegram Bot API, setWebhook; trigger.dev source catalogue (header)",
		Unsure: []string{"retry"},
	}
}

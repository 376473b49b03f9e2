package catalogue

import (
	"slices"

	"webhookedge/plugins/provider/spec"
)

func kickRow() spec.Provider {
	return spec.Provider{
		Name:  "kick",
		Title: "Kick",
		Docs:  "https://docs.kick.com/events/webhook-security",
		Schemes: []spec.Scheme{{
			Name: "rsa", Kind: spec.RSA, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:kick-event-signature", Timestamp: "header:kick-event-message-timestamp", ID: "header:kick-event-message-id"},
			Encoding: spec.Base64, Content: "{id}.{timestamp|free}.{body}",
			Expect:   []spec.Expect{{At: "json:broadcaster.user_id", Is: "{setting:broadcaster}"}},
			TimeUnit: spec.RFC3339, ToleranceSeconds: 300,
			Key: spec.KeyPEM,
		}},
		Settings: []spec.Setting{{
			Name: "broadcaster", Doc: "The user id of the channel whose events come here, a number.",
			Example: "4200017", Pins: true,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:kick-event-type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:kick-event-message-id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}, {At: "header:kick-event-message-timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:broadcaster.user_id"},
			Subject: []string{"json:message_id", "json:sender.user_id", "json:follower.user_id", "json:subscriber.user_id"},
		},
		Identity: spec.Identity{
			Why: "Kick-Event-Message-Id is a ULID of the message, signed, and made for idempotency.",
		},
		Types:        kickTypes(),
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Unknown.", Time: "No retries are documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "kick-event-subscription-id", Value: "sub-octo"},
			{Name: "kick-event-type", Value: "{event}"},
			{Name: "kick-event-version", Value: "1"},
		},
		Pitfalls: []string{
			"The key is Kick's own, the same for all apps: GET https://api.kick.com/public/v1/public-key answers it.",
			"Because every app gets deliveries of that key, the setting broadcaster says whose channel is ours: one route a channel.",
			"The type, the version and the subscription stand in headers that nothing signs: what the payload must have is checked against the first.",
		},
		Source: "nuxt-webhook-validators 0.2.12, validators/kick.js; KickEngineering/KickDevDocs, Webhook security and Webhook payloads",
		Unsure: []string{"retry", "that the timestamp has no fraction"},
	}
}

// kickTypes is what payloads of a type must have (Kick docs, Webhook payloads). A renewal
// looks like a new subscription.
func kickTypes() []spec.TypeRule {
	rule := func(member string, names ...string) []spec.TypeRule {
		return spec.TypeRules(names, []string{"broadcaster", member}, nil)
	}
	return slices.Concat(
		rule("content", "chat.message.sent"),
		rule("follower", "channel.followed"),
		rule("subscriber", "channel.subscription.new", "channel.subscription.renewal"),
		rule("giftees", "channel.subscription.gifts"),
		rule("redeemer", "channel.reward.redemption.updated"),
		rule("is_live", "livestream.status.updated"),
		rule("metadata", "livestream.metadata.updated"),
		rule("banned_user", "moderation.banned"),
		rule("gift", "kicks.gifted"),
	)
}

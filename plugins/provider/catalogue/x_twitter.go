package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func xTwitterRow() spec.Provider {
	return spec.Provider{
		Name:  "x-twitter",
		Title: "X (Twitter)",
		Docs:  "https://docs.x.com/x-api/webhooks/introduction",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-twitter-webhooks-signature"},
			Mark:   "sha256=", Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type: []string{
				"member:tweet_create_events.0", "member:tweet_delete_events.0", "member:favorite_events.0", "member:follow_events.0", "member:unfollow_events.0",
				"member:block_events.0", "member:unblock_events.0", "member:mute_events.0", "member:unmute_events.0", "member:direct_message_events.0",
				"member:direct_message_indicate_typing_events.0", "member:direct_message_mark_read_events.0", "member:user_event", "text:activity",
			},
			Tenant: []string{"json:for_user_id"},
		},
		Batch: &spec.Batch{At: "tweet_create_events", Also: []string{
			"tweet_delete_events", "favorite_events", "follow_events", "unfollow_events", "block_events", "unblock_events", "mute_events", "unmute_events",
			"direct_message_events", "direct_message_indicate_typing_events", "direct_message_mark_read_events",
		}, Facts: spec.Locators{
			ID:      []string{"json:id_str", "json:id", "json:status.id + json:timestamp_ms"},
			Time:    []spec.TimeAt{{At: "json:created_timestamp", Unit: spec.Milliseconds}, {At: "json:timestamp_ms", Unit: spec.Milliseconds}},
			Subject: []string{"json:user.id_str", "json:message_create.sender_id", "json:source.id", "json:status.user_id", "json:sender_id"},
		}},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "A post or message has an id, in the signed body, and each subscribed user has a delivery of it; other events have no id and hold their times.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:crc_token", Challenge: "query:crc_token", Response: spec.Response{Kind: spec.HMAC, Hash: spec.SHA256, Encoding: spec.Base64, Content: "{challenge}"}, Answer: spec.Answer{ContentType: "application/json", Body: `{"response_token":"sha256={response}"}`}, Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Note: "Failed deliveries are tried a few times."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the app's consumer secret.",
			"The check by crc_token comes again and again: when it fails the webhook is disabled.",
			"A body names its events by the lists that it holds, each item of which becomes an event of its own.",
		},
		Source: "xdevplatform/account-activity-dashboard, helpers/security.js (check); X docs, Webhooks (signature)",
		Unsure: []string{"retry"},
	}
}

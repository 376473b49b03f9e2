package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func twitchRow() spec.Provider {
	return spec.Provider{
		Name:  "twitch",
		Title: "Twitch EventSub",
		Docs:  "https://dev.twitch.tv/docs/eventsub/handling-webhook-events/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:twitch-eventsub-message-signature", Timestamp: "header:twitch-eventsub-message-timestamp", ID: "header:twitch-eventsub-message-id"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{id}{timestamp}{body}",
			TimeUnit: spec.RFC3339, ToleranceSeconds: 600,
			Key: spec.KeyText, KeyMin: 10,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:subscription.type", "header:twitch-eventsub-subscription-type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:twitch-eventsub-message-id"},
			Time:    []spec.TimeAt{{At: "header:twitch-eventsub-message-timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:event.broadcaster_user_id", "json:subscription.condition.broadcaster_user_id"},
			Subject: []string{"json:subscription.id"},
		},
		Identity: spec.Identity{
			Why: "The message id is signed and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "header:twitch-eventsub-message-type", Is: "webhook_callback_verification", Challenge: "json:challenge", Answer: spec.Answer{ContentType: "text/plain", Body: "{challenge}"}}},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Note: "Failed deliveries are tried again; too many failures revoke the subscription.", Time: "Twitch's docs refuse what is older than 10 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "twitch-eventsub-message-retry", Value: "0"},
			{Name: "twitch-eventsub-message-type", Value: "notification"},
			{Name: "twitch-eventsub-subscription-type", Value: "{event}"},
			{Name: "twitch-eventsub-subscription-version", Value: "1"},
		},
		Pitfalls: []string{
			"The secret has 10 to 100 ASCII characters.",
			"The answer to the verification must be the bare challenge.",
			"Revocations come as signed messages too (Twitch-Eventsub-Message-Type).",
		},
		Source: "twitchdev/eventsub-webhooks-node-sample; twurple, EventSubHttpBase (tolerance)",
		Unsure: []string{"time-out", "retry"},
	}
}

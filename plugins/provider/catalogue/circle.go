package catalogue

import "webhookedge/plugins/provider/spec"

func circleRow() spec.Provider {
	return spec.Provider{
		Name:  "circle",
		Title: "Circle",
		Docs:  "https://developers.circle.com/api-reference/verify-webhook-signatures",
		Schemes: []spec.Scheme{{
			Name: "ecdsa", Kind: spec.ECDSA, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-circle-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Expect: []spec.Expect{{At: "json:subscriptionId", Is: "{setting:subscription_id}"}},
			Key:    spec.KeySPKI,
		}},
		Settings: []spec.Setting{{
			Name: "subscription_id", Doc: "The id of the webhook subscription, which each notification names.",
			Pins: true, Example: "00000000-0000-4000-8000-000000000017",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:notificationType"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:notificationId"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:subscriptionId"},
			Subject: []string{"json:notification.id"},
		},
		Identity: spec.Identity{
			Why: "notificationId names the notification, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "HEAD", Unsigned: true}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The public key is answered by /v2/notifications/publicKey/<id> under the id in X-Circle-Key-Id, which needs an API key: fetch it once and configure it.",
			"Circle's keys are its own: the setting subscription_id tells which subscription is yours.",
			"The endpoint is asked by HEAD when it is saved.",
			"Only notifications of version 2 are signed so.",
		},
		Source: "Circle developer docs, Verify webhook signatures and Webhooks quickstart",
		Unsure: []string{"retry", "how long a key stays"},
	}
}

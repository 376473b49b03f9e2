package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func intercomRow() provider.Provider {
	return provider.Provider{
		Name:  "intercom",
		Title: "Intercom",
		Docs:  "https://developers.intercom.com/docs/references/webhooks/webhook-models",
		Schemes: []provider.Scheme{{
			Name: "sha1", Kind: provider.HMAC, Hash: provider.SHA1,
			Family: provider.Family{Signature: "header:x-hub-signature"},
			Mark:   "sha1=", Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:topic"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.Seconds}},
			Tenant:  []string{"json:app_id"},
			Subject: []string{"json:data.item.id"},
		},
		Identity: provider.Identity{
			Volatile: []string{"delivery_attempts", "delivery_status"},
			Why:      "id (notif_...) names the notification, in the signed body; delivery_attempts and delivery_status are those of the try.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "HEAD", Unsigned: true}},
		Timeout:      5 * time.Second,
		Retry:        provider.Retry{Max: 1, Span: time.Minute, Note: "After a minute; an endpoint that fails much is disabled, and 410 ends a subscription."},
		Ranges:       []provider.RangeList{{Name: "intercom", Docs: "https://developers.intercom.com/docs/webhooks/setting-up-webhooks"}},
		On429:        "Slows deliveries down.",
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "intercom-webhooks/1.0"},
		},
		Pitfalls: []string{
			"HMAC with SHA-1 is all that is offered; the key is the app's client secret.",
			"A HEAD request checks the endpoint when it is saved; it is not signed.",
		},
		Source: "hookdeck intercom skill; trigger.dev source catalogue",
		Unsure: []string{"retry", "HEAD request"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func intercomRow() spec.Provider {
	return spec.Provider{
		Name:  "intercom",
		Title: "Intercom",
		Docs:  "https://developers.intercom.com/docs/references/webhooks/webhook-models",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family: spec.Family{Signature: "header:x-hub-signature"},
			Mark:   "sha1=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:topic"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.Seconds}},
			Tenant:  []string{"json:app_id"},
			Subject: []string{"json:data.item.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"delivery_attempts", "delivery_status"},
			Why:      "id (notif_...) names the notification, in the signed body; delivery_attempts and delivery_status are those of the try.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "HEAD", Unsigned: true}},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 1, Span: time.Minute, Note: "After a minute; an endpoint that fails much is disabled, and 410 ends a subscription."},
		Ranges:       []spec.RangeList{{Name: "intercom", Docs: "https://developers.intercom.com/docs/webhooks/setting-up-webhooks"}},
		On429:        "Slows deliveries down.",
		Sends: []spec.Header{
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

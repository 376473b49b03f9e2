package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func postmarkRow() provider.Provider {
	return provider.Provider{
		Name:  "postmark",
		Title: "Postmark",
		Docs:  "https://postmarkapp.com/developer/webhooks/webhooks-overview",
		Schemes: []provider.Scheme{{
			Name: "basic", Kind: provider.Basic,
			Family: provider.Family{Signature: "header:authorization"},
			Key:    provider.KeyUser, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:RecordType"},
			Time:    []provider.TimeAt{{At: "json:DeliveredAt", Unit: provider.RFC3339}, {At: "json:BouncedAt", Unit: provider.RFC3339}, {At: "json:ReceivedAt", Unit: provider.RFC3339}, {At: "json:ChangedAt", Unit: provider.RFC3339}},
			Tenant:  []string{"json:ServerID"},
			Subject: []string{"json:MessageID"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the record, the message and the time of the event.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 10, Span: 630 * time.Minute, Note: "Bounces and inbound mail ten tries, others three: after 1, 5, 10, 15 and 30 minutes, then 1, 2 and 6 hours. A 403 stops them."},
		Ranges:       []provider.RangeList{{Name: "postmark", Docs: "https://postmarkapp.com/support/article/800-ips-for-firewalls"}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Postmark"},
		},
		Pitfalls: []string{
			"There is no signature: basic authentication over HTTPS is all there is.",
			"The secret is user:password of the webhook's URL or settings.",
			"A delivery has no id of its own: MessageID and RecordType together come nearest.",
			"A 403 stops the retries: a policy that denies ends the delivery.",
		},
		Source: "hookdeck/webhook-skills, postmark; django-anymail",
		Unsure: []string{"retry"},
	}
}

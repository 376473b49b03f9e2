package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func postmarkRow() spec.Provider {
	return spec.Provider{
		Name:  "postmark",
		Title: "Postmark",
		Docs:  "https://postmarkapp.com/developer/webhooks/webhooks-overview",
		Schemes: []spec.Scheme{{
			Name: "basic", Kind: spec.Basic,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyUser, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:RecordType"},
			Time:    []spec.TimeAt{{At: "json:DeliveredAt", Unit: spec.RFC3339}, {At: "json:BouncedAt", Unit: spec.RFC3339}, {At: "json:ReceivedAt", Unit: spec.RFC3339}, {At: "json:ChangedAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:ServerID"},
			Subject: []string{"json:MessageID"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the record, the message and the time of the event.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 10, Span: 630 * time.Minute, Note: "Bounces and inbound mail ten tries, others three: after 1, 5, 10, 15 and 30 minutes, then 1, 2 and 6 hours. A 403 stops them."},
		Ranges:       []spec.RangeList{{Name: "postmark", Docs: "https://postmarkapp.com/support/article/800-ips-for-firewalls"}},
		Sends: []spec.Header{
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

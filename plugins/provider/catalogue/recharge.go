package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func rechargeRow() spec.Provider {
	return spec.Provider{
		Name:  "recharge",
		Title: "Recharge",
		Docs:  "https://developer.rechargepayments.com/2021-11/webhooks_endpoints",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-recharge-webhook-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 172800, AheadSeconds: 300,
			Key: spec.KeyText,
		}, {
			Name: "digest", Kind: spec.Digest, Hash: spec.SHA256, Weak: true, Companion: true,
			Family:   spec.Family{Signature: "header:x-recharge-hmac-sha256"},
			Encoding: spec.Hex, Content: "{key}{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:x-recharge-topic"},
			Split:   spec.SplitFirstSlash,
			Time:    []spec.TimeAt{{At: "json:charge.updated_at", Unit: spec.DateTime}, {At: "json:subscription.updated_at", Unit: spec.DateTime}, {At: "json:order.updated_at", Unit: spec.DateTime}, {At: "json:customer.updated_at", Unit: spec.DateTime}},
			Subject: []string{"json:charge.id", "json:subscription.id", "json:order.id", "json:customer.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "There is no id of the delivery: a body is the whole object with its time of change.",
		},
		Types:        rechargeTypes(),
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 20, Span: 48 * time.Hour, Note: "After 408, 429, a 5xx or a time-out; then the webhook is deleted.", Time: "Recharge takes 48 hours itself, since a late try may have the time of the first: the tolerance is as long as the retries; until then an event is known by what was signed, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-recharge-topic", Value: "{event}"},
		},
		Pitfalls: []string{
			"The topic stands in a header that the signature does not cover: the object must fit it.",
			"Recharge's own window is 48 hours, since tries go on for as long.",
			"X-Recharge-Hmac-Sha256 is the older scheme, digest, and no HMAC: a plain hash of the secret and the body, without a time. It is taken only where it is named and nothing newer is sent.",
			"The key is the client secret of the API token.",
		},
		Source: "Recharge developer docs, Webhooks (5 s, 20 tries in 48 hours, code of the older scheme); hookdeck/webhook-skills, recharge-webhooks",
		Unsure: []string{"whether a try has a time of its own"},
	}
}

// rechargeTypes has a rule for each topic of an object: the object that a body of it
// holds.
func rechargeTypes() []spec.TypeRule {
	var rules []spec.TypeRule
	for _, object := range []struct {
		name    string
		actions []string
	}{
		{"address", []string{"created", "updated"}},
		{"charge", []string{"created", "deleted", "failed", "max_retries_reached", "paid", "refunded", "uncaptured", "upcoming", "updated"}},
		{"customer", []string{"activated", "created", "deactivated", "deleted", "payment_method_updated", "updated"}},
		{"onetime", []string{"created", "deleted", "updated"}},
		{"order", []string{"cancelled", "created", "deleted", "processed", "upcoming", "updated"}},
		{"subscription", []string{"activated", "cancelled", "created", "deleted", "paused", "skipped", "unskipped", "updated"}},
	} {
		for _, action := range object.actions {
			rules = append(rules, spec.TypeRule{Type: object.name + "/" + action, Has: []string{object.name}})
		}
	}
	return rules
}

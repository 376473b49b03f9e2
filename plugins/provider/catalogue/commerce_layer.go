package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func commerceLayerRow() spec.Provider {
	return spec.Provider{
		Name:  "commerce-layer",
		Title: "Commerce Layer",
		Docs:  "https://docs.commercelayer.io/core/callbacks-security",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-commercelayer-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:x-commercelayer-topic"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:data.attributes.updated_at", Unit: spec.RFC3339}},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "There is no id of the delivery: a body is the whole resource with its time of change.",
		},
		Types:        commerceLayerTypes(),
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 10, Note: "A circuit breaker opens after 30 failures in a row."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-commercelayer-topic", Value: "{event}"},
		},
		Pitfalls: []string{
			"The topic stands in a header that the signature does not cover: a webhook has one topic, so that a route each, with a secret each, keeps one from being taken for another.",
		},
		Source: "Commerce Layer docs, Callbacks security; hookdeck/webhook-skills, commerce-layer-webhooks",
	}
}

// commerceLayerTypes says which time an order of a topic has.
func commerceLayerTypes() []spec.TypeRule {
	rules := spec.TypeRules([]string{"orders.create", "orders.place", "orders.approve", "orders.cancel"}, nil, nil)
	for i, time := range []string{"created_at", "placed_at", "approved_at", "cancelled_at"} {
		rules[i].Has = []string{"data.attributes." + time}
	}
	return rules
}

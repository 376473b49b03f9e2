package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func lemonSqueezyRow() spec.Provider {
	return spec.Provider{
		Name:  "lemon-squeezy",
		Title: "Lemon Squeezy",
		Docs:  "https://docs.lemonsqueezy.com/help/webhooks/signing-requests",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 6,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:meta.event_name", "header:x-event-name"},
			Time:    []spec.TimeAt{{At: "json:data.attributes.updated_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.attributes.store_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body is the resource with its updated_at in microseconds.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 3, Span: 3 * time.Minute, Note: "After 5, 25 and 125 s."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-event-name", Value: "{event}"},
		},
		Pitfalls: []string{
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
			"The signing secret has 6 to 40 characters: take 40.",
		},
		Source: "Lemon Squeezy docs, Signing requests and Webhook requests (retries, JSON:API resource)",
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func lemonSqueezyRow() provider.Provider {
	return provider.Provider{
		Name:  "lemon-squeezy",
		Title: "Lemon Squeezy",
		Docs:  "https://docs.lemonsqueezy.com/help/webhooks/signing-requests",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 6,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:meta.event_name", "header:x-event-name"},
			Time:    []provider.TimeAt{{At: "json:data.attributes.updated_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.attributes.store_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body is the resource with its updated_at in microseconds.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 3, Span: 3 * time.Minute, Note: "After 5, 25 and 125 s."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-event-name", Value: "{event}"},
		},
		Pitfalls: []string{
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
			"The signing secret has 6 to 40 characters: take 40.",
		},
		Source: "Lemon Squeezy docs, Signing requests; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func onfidoRow() provider.Provider {
	return provider.Provider{
		Name:  "onfido",
		Title: "Onfido",
		Docs:  "https://documentation.onfido.com/#webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-sha2-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:payload.action"},
			Split:   provider.SplitLastDot,
			Time:    []provider.TimeAt{{At: "json:payload.object.completed_at_iso8601", Unit: provider.RFC3339}},
			Tenant:  []string{"json:payload.resource_type"},
			Subject: []string{"json:payload.object.id"},
		},
		Identity: provider.Identity{
			Why: "There is no id; the signed body holds the object, what happened to it and the time.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Max: 5, Span: 37 * time.Hour, Note: "After 30 s, 2 and 15 minutes, 2 and 10 hours, and a day."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the webhook's token.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "onfido-python tests (recomputed)",
		Unsure: []string{"retry"},
	}
}

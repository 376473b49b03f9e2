package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func onfidoRow() spec.Provider {
	return spec.Provider{
		Name:  "onfido",
		Title: "Onfido",
		Docs:  "https://documentation.onfido.com/#webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-sha2-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:payload.action"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:payload.object.completed_at_iso8601", Unit: spec.RFC3339}},
			Tenant:  []string{"json:payload.resource_type"},
			Subject: []string{"json:payload.object.id"},
		},
		Identity: spec.Identity{
			Why: "There is no id; the signed body holds the object, what happened to it and the time.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 5, Span: 37 * time.Hour, Note: "After 30 s, 2 and 15 minutes, 2 and 10 hours, and a day."},
		Sends: []spec.Header{
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

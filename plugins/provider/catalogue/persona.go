package catalogue

import (
	"webhookedge/plugins/provider/spec"
)

func personaRow() spec.Provider {
	return spec.Provider{
		Name:  "persona",
		Title: "Persona",
		Docs:  "https://docs.withpersona.com/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:persona-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			Groups: true, TimeUnit: spec.Seconds, ToleranceSeconds: 86400, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:data.attributes.name"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:data.id"},
			Time:    []spec.TimeAt{{At: "json:data.attributes.created-at", Unit: spec.RFC3339}},
			Subject: []string{"json:data.attributes.payload.data.id"},
		},
		Identity: spec.Identity{
			Why: "data.id (evt_...) names the event, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 7, Note: "With growing pauses.", Time: "Persona checks no time, and how far apart the tries are is not documented, so a day is taken; until then an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "persona-webhook-attempts-made", Value: "1"},
		},
		Pitfalls: []string{
			"While a secret is rotated the header has two lists with a blank between them, each with the same time.",
			"Persona names no tolerance and tries again for more than a day: the tolerance is a day, within which the signed id keeps a delivery from counting twice.",
		},
		Source: "Persona docs, Webhooks and Best practices; hookdeck/webhook-skills, persona-webhooks",
		Unsure: []string{"retry", "whether a try has a time of its own"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func helpscoutRow() spec.Provider {
	return spec.Provider{
		Name:  "helpscout",
		Title: "Help Scout",
		Docs:  "https://developer.helpscout.com/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "header:x-helpscout-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:x-helpscout-event"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:userUpdatedAt", Unit: spec.RFC3339}, {At: "json:createdAt", Unit: spec.RFC3339}},
			Subject: []string{"json:id"},
		},
		Types: helpscoutTypes(),
		Identity: spec.Identity{
			Why: "There is no id; the body is the resource with its times, so that what was signed, with the type, is the identity.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 10, Note: "With growing pauses, then the webhook is disabled."},
		Cutoff:       spec.Cutoff{Failures: 11},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-helpscout-event", Value: "{event}"},
		},
		Pitfalls: []string{
			"HMAC with SHA-1 is all that is offered.",
			"The event name stands in a header, which the signature does not cover.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Help Scout developer docs, Webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

// helpscoutTypes are by the number that a conversation has and nothing else (Help
// Scout, Webhook payloads). What is left of a deleted one is not documented.
func helpscoutTypes() []spec.TypeRule {
	number := []string{"number"}
	rules := spec.TypeRules([]string{
		"convo.agent.reply.created", "convo.assigned", "convo.created", "convo.custom-fields", "convo.customer.reply.created",
		"convo.moved", "convo.note.created", "convo.status", "convo.tags",
	}, number, nil)
	return append(rules, spec.TypeRules([]string{"customer.created", "customer.updated", "satisfaction.ratings"}, nil, number)...)
}

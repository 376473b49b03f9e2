package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func brevoRow() spec.Provider {
	return spec.Provider{
		Name:  "brevo",
		Title: "Brevo",
		Docs:  "https://developers.brevo.com/docs/secured-webhooks",
		Schemes: []spec.Scheme{{
			Name: "token", Kind: spec.Token,
			Family: spec.Family{Signature: "header:authorization"},
			Mark:   "Bearer ",
			Key:    spec.KeyText,
		}, {
			Name: "basic", Kind: spec.Basic,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyUser,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event", "json:msg_status"},
			Time:    []spec.TimeAt{{At: "json:ts_event", Unit: spec.Seconds}, {At: "json:ts", Unit: spec.Seconds}},
			Subject: []string{"json:message-id", "json:messageId", "json:email"},
		},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:event", "json:msg_status"},
			Time:    []spec.TimeAt{{At: "json:ts_event", Unit: spec.Seconds}, {At: "json:ts", Unit: spec.Seconds}},
			Subject: []string{"json:message-id", "json:messageId", "json:email"},
		}},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the message, the event and its time; its id is that of the webhook.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 4, Span: 670 * time.Minute, Note: "After 10 minutes and 1, 2 and 8 hours; a 4xx but 429 ends the tries, and so may a 5xx."},
		Ranges:       []spec.RangeList{{Name: "brevo", Docs: "https://help.brevo.com/hc/en-us/articles/208848409"}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: whoever reads one delivery can forge others.",
			"Give the webhook a token (auth: {type: bearer, token: ...}), or a user and a password in its URL with the scheme basic.",
			"id is the webhook's, not the event's.",
			"date is in the account's time zone; ts_event is UTC.",
			"Batched webhooks send a list, each of whose items is an event.",
		},
		Source: "Brevo docs, Secure webhook calls and Transactional webhooks; nuxt-webhook-validators 0.2.12, validators/brevo.js; Brevo docs, Retry mechanism",
		Unsure: []string{"time-out"},
	}
}

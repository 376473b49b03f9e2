package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func mailchimpRow() spec.Provider {
	return spec.Provider{
		Name:  "mailchimp",
		Title: "Mailchimp Marketing",
		Docs:  "https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "query", Kind: spec.Token,
			Family: spec.Family{Signature: "query:secret"},
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"form:type"},
			Time:    []spec.TimeAt{{At: "form:fired_at", Unit: spec.DateTime}},
			Tenant:  []string{"form:data[list_id]"},
			Subject: []string{"form:data[id]", "form:data[email]"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The fields hold the time of the change, the list and the member.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Handshakes:   []spec.Handshake{{Method: "GET", Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Span: 20 * time.Hour, Note: "With growing pauses."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/x-www-form-urlencoded"},
			{Name: "user-agent", Value: "MailChimp"},
		},
		Pitfalls: []string{
			"Mailchimp does not sign: the secret is the query parameter secret of the callback URL; keep it out of access logs.",
			"A GET checks the endpoint when it is saved.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Mailchimp developer docs, Sync audience data with webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry", "the zone of fired_at, which is taken for UTC"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func mailchimpRow() provider.Provider {
	return provider.Provider{
		Name:  "mailchimp",
		Title: "Mailchimp Marketing",
		Docs:  "https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/",
		Schemes: []provider.Scheme{{
			Name: "query", Kind: provider.Token,
			Family: provider.Family{Signature: "query:secret"},
			Key:    provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"form:type"},
			Time:    []provider.TimeAt{{At: "form:fired_at", Unit: provider.DateTime}},
			Tenant:  []string{"form:data[list_id]"},
			Subject: []string{"form:data[id]", "form:data[email]"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The fields hold the time of the change, the list and the member.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Handshakes:   []provider.Handshake{{Method: "GET", Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Span: 20 * time.Hour, Note: "With growing pauses."},
		Sends: []provider.Header{
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

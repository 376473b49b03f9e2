package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func mailersendRow() provider.Provider {
	return provider.Provider{
		Name:  "mailersend",
		Title: "MailerSend",
		Docs:  "https://developers.mailersend.com/api/v1/webhooks.html",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:type + json:data.id + json:created_at"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:domain_id"},
			Subject: []string{"json:data.email.id", "json:data.email.message.id"},
		},
		Identity: provider.Identity{
			Why: "data.id names the activity, in the signed body; other events have there the id of what they are about, so that type and time are added.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      3 * time.Second,
		Retry:        provider.Retry{Max: 2, Span: 2 * time.Minute, Note: "After 10 and 100 s."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The header is called Signature and nothing else.",
		},
		Source: "django-anymail, mailersend view",
		Unsure: []string{"retry"},
	}
}

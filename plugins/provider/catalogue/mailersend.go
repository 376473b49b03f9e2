package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func mailersendRow() spec.Provider {
	return spec.Provider{
		Name:  "mailersend",
		Title: "MailerSend",
		Docs:  "https://developers.mailersend.com/api/v1/webhooks.html",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:type + json:data.id + json:created_at"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:domain_id"},
			Subject: []string{"json:data.email.id", "json:data.email.message.id"},
		},
		Identity: spec.Identity{
			Why: "data.id names the activity, in the signed body; other events have there the id of what they are about, so that type and time are added.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      3 * time.Second,
		Retry:        spec.Retry{Max: 2, Span: 2 * time.Minute, Note: "After 10 and 100 s."},
		Sends: []spec.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func mailgunRow() spec.Provider {
	return spec.Provider{
		Name:  "mailgun",
		Title: "Mailgun",
		Docs:  "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "json:signature.signature", Timestamp: "json:signature.timestamp"},
			Alternates: []spec.Family{{Signature: "form:signature", Timestamp: "form:timestamp"}},
			Encoding:   spec.Hex, Content: "{timestamp}{json:signature.token}",
			FormContent: "{timestamp}{form:token}", BodyUnsigned: true,
			TimeUnit: spec.Seconds, ToleranceSeconds: 43200, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event-data.event", "form:event"},
			ID:      []string{"json:signature.token", "form:token"},
			Time:    []spec.TimeAt{{At: "json:event-data.timestamp", Unit: spec.Fraction}, {At: "form:timestamp", Unit: spec.Fraction}},
			Tenant:  []string{"json:event-data.domain.name", "form:domain"},
			Subject: []string{"json:event-data.message.headers.message-id", "form:Message-Id"},
		},
		Identity: spec.Identity{
			Why: "token is the one signed text that tells deliveries apart, and of the first try as far as is known; the id of the event stands in a body that nothing covers.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Status:       map[string]int{"policy_denied": 406},
		Retry:        spec.Retry{Max: 7, Span: 486 * time.Minute, Note: "After 5, 10 and 15 minutes and 1, 2 and 4 hours, says the manual; Mailgun's help has 10, 10, 15 and 30 minutes before the hours. A 406 stops them."},
		On429:        "As any status but 406: tried again.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "mailgun/treq-15.3.0"},
		},
		Pitfalls: []string{
			"The signature covers the time and a token, and not the body: whoever has seen a delivery can send another body under it.",
			"The key is the HTTP webhook signing key, not the API key.",
			"The tolerance covers the eight hours of retries, whose signature may be that of the first try.",
			"Inbound routes with attachments post multipart forms: those are refused.",
			"A policy that denies answers 406, which stops the retries.",
		},
		Source: "mailgun-go, webhooks_test.go; django-anymail, mailgun view; Mailgun docs, Webhooks (retries within 8 hours, 406), and its help center",
		Unsure: []string{"whether a retry is signed anew"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func dwollaRow() spec.Provider {
	return spec.Provider{
		Name:  "dwolla",
		Title: "Dwolla",
		Docs:  "https://developers.dwolla.com/docs/balance/webhooks/process-validate",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-request-signature-sha-256"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:topic", "header:x-dwolla-topic"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:_links.account.href"},
			Subject: []string{"json:resourceId"},
		},
		Identity: spec.Identity{
			Why: "id is a UUID of the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 8, Span: 72 * time.Hour, Note: "A subscription that fails 400 times in a day is paused."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-dwolla-topic", Value: "{event}"},
		},
		Pitfalls: []string{
			"The header X-Dwolla-Topic is not signed: the topic of the body is used.",
		},
		Source: "Dwolla docs, Process and validate webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

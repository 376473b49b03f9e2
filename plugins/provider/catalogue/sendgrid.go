package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func sendgridRow() provider.Provider {
	return provider.Provider{
		Name:  "sendgrid",
		Title: "Twilio SendGrid",
		Docs:  "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
		Schemes: []provider.Scheme{{
			Name: "ecdsa", Kind: provider.ECDSA, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-twilio-email-event-webhook-signature", Timestamp: "header:x-twilio-email-event-webhook-timestamp"},
			Encoding: provider.Base64, Content: "{timestamp}{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 600,
			Key: provider.KeySPKI,
		}},
		Facts: provider.Locators{},
		Batch: &provider.Batch{Facts: provider.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:sg_event_id"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.Seconds}},
			Subject: []string{"json:sg_message_id"},
		}},
		Identity: provider.Identity{
			Why: "sg_event_id is unique at SendGrid, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Span: 24 * time.Hour},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "SendGrid Event API"},
		},
		Pitfalls: []string{
			"A body is a list of events and ends in CR LF, which the signature covers.",
			"The key is the verification key of the settings: base64 without PEM lines.",
			"Inbound Parse posts multipart forms without a signature: they are refused.",
		},
		Source: "sendgrid-python tests (recomputed with openssl)",
		Unsure: []string{"retry", "tolerance: none is stated"},
	}
}

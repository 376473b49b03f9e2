package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func sendgridRow() spec.Provider {
	return spec.Provider{
		Name:  "sendgrid",
		Title: "Twilio SendGrid",
		Docs:  "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
		Schemes: []spec.Scheme{{
			Name: "ecdsa", Kind: spec.ECDSA, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-twilio-email-event-webhook-signature", Timestamp: "header:x-twilio-email-event-webhook-timestamp"},
			Encoding: spec.Base64, Content: "{timestamp}{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 86400, AheadSeconds: 300,
			Key: spec.KeySPKI,
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:sg_event_id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Seconds}},
			Subject: []string{"json:sg_message_id"},
		}},
		Identity: spec.Identity{
			Why: "sg_event_id is unique at SendGrid, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 24 * time.Hour, Time: "SendGrid checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func metronomeRow() spec.Provider {
	return spec.Provider{
		Name:  "metronome",
		Title: "Metronome",
		Docs:  "https://docs.metronome.com/guides/platform-configuration/setup-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:metronome-webhook-signature", Timestamp: "header:x-metronome-date"},
			Encoding: spec.Hex, Content: "{timestamp}\n{body}",
			TimeUnit: spec.HTTPDate, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:properties.timestamp", Unit: spec.RFC3339}, {At: "json:timestamp", Unit: spec.RFC3339}},
			Subject: []string{"json:properties.customer_id", "json:properties.invoice_id", "json:properties.contract_id", "json:customer_id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the customer, the cause and the time. Its id is that of the alert in Metronome's own example, so that it could take two events for one.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 72 * time.Hour, Note: "With growing pauses, after any status above 299.", Time: "Metronome's own libraries refuse what is older than 5 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signed time is a date of HTTP in X-Metronome-Date.",
			"Each webhook has a secret of its own.",
		},
		Source: "@metronome/sdk 3.10.0, resources/webhooks.js; Metronome docs, Set up webhooks and Threshold notifications",
		Unsure: []string{"time-out"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func finchRow() spec.Provider {
	pair := v1a("finch")
	pair.ID = "header:finch-event-id"
	return spec.Provider{
		Name:  "finch",
		Title: "Finch",
		Docs:  "https://developer.tryfinch.com/developer-resources/Webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:finch-signature", Timestamp: "header:finch-timestamp", ID: "header:finch-event-id"},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64,
		}, pair},
		Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:finch-event-id"},
			Tenant:  []string{"json:connection_id", "json:company_id"},
			Subject: []string{"json:entity_id", "json:data.job_id", "json:data.individual_id", "json:data.payment_id"},
		},
		Identity: spec.Identity{
			Why: "Finch-Event-Id is the message id of Svix, which sends for it: signed, unique, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Max: 7, Span: 1656 * time.Minute, Note: "Svix's schedule: at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; an endpoint that fails for 5 days is disabled.", Time: eachTryIsSigned},
		Cutoff:       spec.Cutoff{Span: 120 * time.Hour},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The headers are those of Svix under Finch's name, and the secret is base64 without whsec_.",
			"company_id and account_id are on their way out: connection_id names the employer's connection.",
		},
		Source: "@tryfinch/finch-api 10.7.0, resources/webhooks.js; Finch docs, Webhooks",
		Unsure: []string{"retry schedule: Svix's", "places of the subjects"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func akeneoRow() spec.Provider {
	return spec.Provider{
		Name:  "akeneo",
		Title: "Akeneo",
		Docs:  "https://api.akeneo.com/events-documentation/overview.html",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-akeneo-request-signature", Timestamp: "header:x-akeneo-request-timestamp"},
			Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Batch: &spec.Batch{At: "events", Facts: spec.Locators{
			Type:    []string{"json:action"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:event_id"},
			Time:    []spec.TimeAt{{At: "json:event_datetime", Unit: spec.RFC3339}},
			Tenant:  []string{"json:pim_source"},
			Subject: []string{"json:data.resource.identifier", "json:data.resource.uuid", "json:data.resource.code"},
		}},
		Identity: spec.Identity{
			Why: "event_id is a UUID of the event, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      500 * time.Millisecond,
		Retry:        spec.Retry{Note: "No retry.", Time: "There is no late try: a delivery is made once."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The body is a list of at most ten events, each of which becomes one of its own.",
			"The PIM waits half a second and never tries again: answer by the journal.",
			"The Event Platform, which is to replace the Events API, signs otherwise.",
		},
		Source: "akeneo/pim-api-docs, events-documentation (security); akeneo/pim-community-dev, GuzzleWebhookClient",
		Unsure: []string{"tolerance: 5 minutes are customary"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func airwallexRow() spec.Provider {
	return spec.Provider{
		Name:  "airwallex",
		Title: "Airwallex",
		Docs:  "https://www.airwallex.com/docs/developer-tools/webhooks/listen-for-webhook-events",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-signature", Timestamp: "header:x-timestamp"},
			Encoding: spec.Hex, Content: "{timestamp}{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 259200, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:name"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.DateTime}, {At: "json:createdAt", Unit: spec.DateTime}},
			Tenant:  []string{"json:account_id", "json:accountId"},
			Subject: []string{"json:data.object.id", "json:sourceId"},
		},
		Identity: spec.Identity{
			Why: "id names the event, in the signed body, and is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 72 * time.Hour, Note: "With growing pauses, until the answer is 200.", Time: "Airwallex checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Airwallex names no tolerance and tries again for three days: the tolerance is as long, and the signed id keeps a delivery from counting twice.",
			"Test events are signed with the key in their header client-secret-key, which is never believed.",
		},
		Source: "Airwallex docs, Webhooks overview and Listen for webhook events",
		Unsure: []string{"whether a try has a time of its own"},
	}
}

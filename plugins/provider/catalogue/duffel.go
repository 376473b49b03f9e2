package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func duffelRow() spec.Provider {
	return spec.Provider{
		Name:  "duffel",
		Title: "Duffel",
		Docs:  "https://duffel.com/docs/guides/receiving-webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-duffel-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 259200, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Subject: []string{"json:data.object.id"},
		},
		Identity: spec.Identity{
			Why: "id (eve_...) names the event, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 72 * time.Hour, Time: "Duffel checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret is used as it is shown.",
			"The event ping.triggered tests an endpoint.",
		},
		Source: "Duffel guide, Receiving webhooks, as implemented by several receivers (header, signed text)",
		Unsure: []string{"retry", "tolerance: 5 minutes are customary"},
	}
}

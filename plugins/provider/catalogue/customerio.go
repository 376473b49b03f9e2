package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func customerioRow() spec.Provider {
	return spec.Provider{
		Name:  "customerio",
		Title: "Customer.io",
		Docs:  "https://docs.customer.io/integrations/api/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-cio-signature", Timestamp: "header:x-cio-timestamp"},
			Encoding: spec.Hex, Content: "v0:{timestamp}:{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 604800, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:object_type"},
			Action:  []string{"json:metric"},
			ID:      []string{"json:event_id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Seconds}},
			Subject: []string{"json:data.customer_id"},
		},
		Identity: spec.Identity{
			Why: "event_id is a ULID, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      4 * time.Second,
		Retry:        spec.Retry{Span: 168 * time.Hour, Time: "Customer.io checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Ranges:       []spec.RangeList{{Name: "customerio", Docs: "https://docs.customer.io/accounts-and-workspaces/ip-addresses/"}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature has no version in front of it, although the signed text has.",
		},
		Source: "trigger.dev source catalogue (header, signed text)",
		Unsure: []string{"retry", "address ranges"},
	}
}

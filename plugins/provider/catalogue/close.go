package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func closeRow() spec.Provider {
	return spec.Provider{
		Name:  "close",
		Title: "Close",
		Docs:  "https://developer.close.com/topics/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:close-sig-hash", Timestamp: "header:close-sig-timestamp"},
			Encoding: spec.Hex, Content: "{timestamp}{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 259200, AheadSeconds: 300,
			Key: spec.KeyHex,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.object_type"},
			Action:  []string{"json:event.action"},
			ID:      []string{"json:event.id"},
			Time:    []spec.TimeAt{{At: "json:event.date_created", Unit: spec.RFC3339}},
			Tenant:  []string{"json:event.organization_id"},
			Subject: []string{"json:event.object_id"},
		},
		Identity: spec.Identity{
			Why: "event.id (ev_...) is unique at Close, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 72 * time.Hour, Time: "Close checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature key is hexadecimal and used decoded.",
		},
		Source: "trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func attioRow() spec.Provider {
	return spec.Provider{
		Name:  "attio",
		Title: "Attio",
		Docs:  "https://docs.attio.com/rest-api/guides/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "header:attio-signature"},
			Alternates: []spec.Family{{Signature: "header:x-attio-signature"}},
			Encoding:   spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			ID: []string{"header:idempotency-key"},
		},
		Batch: &spec.Batch{At: "events", Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			Split:   spec.SplitLastDot,
			Tenant:  []string{"json:id.workspace_id"},
			Subject: []string{"json:id.record_id", "json:id.list_id"},
		}},
		Identity: spec.Identity{
			None: true,
			Why:  "Events hold no time, so that two changes of a record have one body: the Idempotency-Key, which is not signed, tells them apart, and without one a delivery is an event of its own.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 10, Span: 72 * time.Hour},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"X-Attio-Signature is an alias of the header: a request with both is refused.",
		},
		Source: "trigger.dev source catalogue; NangoHQ/nango (alias header)",
		Unsure: []string{"retry", "whether Idempotency-Key is sent"},
	}
}

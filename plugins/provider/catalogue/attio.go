package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func attioRow() provider.Provider {
	return provider.Provider{
		Name:  "attio",
		Title: "Attio",
		Docs:  "https://docs.attio.com/rest-api/guides/webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:     provider.Family{Signature: "header:attio-signature"},
			Alternates: []provider.Family{{Signature: "header:x-attio-signature"}},
			Encoding:   provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			ID: []string{"header:idempotency-key"},
		},
		Batch: &provider.Batch{At: "events", Facts: provider.Locators{
			Type:    []string{"json:event_type"},
			Split:   provider.SplitLastDot,
			Tenant:  []string{"json:id.workspace_id"},
			Subject: []string{"json:id.record_id", "json:id.list_id"},
		}},
		Identity: provider.Identity{
			None: true,
			Why:  "Events hold no time, so that two changes of a record have one body: the Idempotency-Key, which is not signed, tells them apart, and without one a delivery is an event of its own.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 10, Span: 72 * time.Hour},
		Sends: []provider.Header{
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

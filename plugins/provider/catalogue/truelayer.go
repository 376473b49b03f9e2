package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func truelayerRow() spec.Provider {
	return spec.Provider{
		Name:  "truelayer",
		Title: "TrueLayer",
		Docs:  "https://docs.truelayer.com/docs/verify-the-signature-of-a-payment-webhook",
		Schemes: []spec.Scheme{{
			Name: "v2", Kind: spec.DetachedJWS,
			Family:  spec.Family{Signature: "header:tl-signature", Timestamp: "header:x-tl-webhook-timestamp"},
			Content: "{method} {target}\n{body}",
			Detached: spec.Detached{
				Listed: "tl_headers", Members: []spec.Expect{{At: "tl_version", Is: "2"}},
			},
			TimeUnit: spec.RFC3339, ToleranceSeconds: 259200, AheadSeconds: 300,
			Key: spec.KeyJWKS,
			JWT: spec.JWT{Algorithms: []spec.Algorithm{spec.ES512}},
			Remote: &spec.Remote{
				At:         "pair:jku",
				Hosts:      []string{"webhooks.truelayer.com", "webhooks.truelayer-sandbox.com"},
				PathPrefix: "/.well-known/jwks", PathSuffix: "/.well-known/jwks",
				Form:    spec.KeyJWKS,
				Example: "https://webhooks.truelayer.com/.well-known/jwks",
			},
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type", "json:event_type"},
			ID:      []string{"json:event_id"},
			Time:    []spec.TimeAt{{At: "json:executed_at", Unit: spec.RFC3339}, {At: "header:x-tl-webhook-timestamp", Unit: spec.RFC3339}},
			Subject: []string{"json:payment_id", "json:payout_id", "json:mandate_id", "json:refund_id"},
		},
		Identity: spec.Identity{
			Why: "event_id is a UUID of the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 72 * time.Hour, Note: "With growing pauses.", Time: "TrueLayer checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The path of the URL that TrueLayer calls is signed: set public_url to it.",
			"TrueLayer signs for all its customers with one key, and the path alone tells whose a delivery is: give the URL a path that nobody else has.",
			"The keys are fetched from the address that the signature names, of TrueLayer's two hosts alone; the sandbox has its own.",
		},
		Source: "truelayer-signing (npm) 0.2.3, lib/lib.js (payload, tl_version, ES512); TrueLayer/truelayer-signing, test-resources (vector) and examples (addresses)",
		Unsure: []string{"tolerance: none is stated", "retry", "executed_at"},
	}
}

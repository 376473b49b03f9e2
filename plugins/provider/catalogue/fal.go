package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func falRow() spec.Provider {
	return spec.Provider{
		Name:  "fal",
		Title: "fal",
		Docs:  "https://fal.ai/docs/documentation/model-apis/inference/webhooks",
		Schemes: []spec.Scheme{{
			Name: "ed25519", Kind: spec.Ed25519,
			Family:   spec.Family{Signature: "header:x-fal-webhook-signature", Timestamp: "header:x-fal-webhook-timestamp", ID: "header:x-fal-webhook-request-id"},
			Encoding: spec.Hex, Content: "{id}\n{header:x-fal-webhook-user-id}\n{timestamp}\n{body|sha256|hex}",
			Expect:   []spec.Expect{{At: "header:x-fal-webhook-user-id", Is: "{setting:user_id}"}},
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyJWKS,
			Remote: &spec.Remote{
				URL: "https://rest.fal.ai/.well-known/jwks.json", Hosts: []string{"rest.fal.ai"}, Form: spec.KeyJWKS,
			},
		}},
		Settings: []spec.Setting{{
			Name: "user_id", Doc: "The id of the fal account that makes the requests.",
			Example: "github|octo17", Pins: true,
		}},
		Facts: spec.Locators{
			Type:    []string{"text:request"},
			Action:  []string{"json:status"},
			ID:      []string{"header:x-fal-webhook-request-id"},
			Tenant:  []string{"header:x-fal-webhook-user-id"},
			Subject: []string{"json:request_id"},
		},
		Identity: spec.Identity{
			Why: "The request id is signed; a request ends once, and its result comes again under one id.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Max: 10, Span: 2 * time.Hour, Time: "fal's docs refuse what is older than 5 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"fal signs for all its customers with one set of keys: the setting user_id says which are ours, and X-Fal-Webhook-User-Id of a delivery shows it.",
			"gateway_request_id is that of the last try of the model, request_id that of the queue.",
			"Where the result cannot be sent, payload is null and payload_error says why.",
		},
		Source: "fal docs, Webhooks; @hookflo/tern 4.1.0, verifiers/algorithms.js (buildFalPayload)",
		Unsure: []string{"time of a retry: taken to be a new one"},
	}
}

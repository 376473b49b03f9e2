package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func adcpRow() spec.Provider {
	return spec.Provider{
		Name:  "adcp",
		Title: "Ad Context Protocol (AdCP)",
		Docs:  "https://docs.adcontextprotocol.org/docs/building/implementation/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HTTPSignature,
			Family: spec.Family{Signature: "header:signature", Timestamp: "pair:created"},
			Message: spec.Message{
				Algorithms: []spec.MessageAlgorithm{spec.MessageEd25519, spec.MessageP256},
				Components: []string{"@method", "@target-uri", "@authority", "content-type", "content-digest"},
				Parameters: []string{"expires", "nonce", "keyid", "alg"},
				Tag:        "adcp/webhook-signing/v1", MaxSeconds: 300, Base64URL: true,
			},
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyJWKS,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:task_type", "json:notification_type", "text:task"},
			Action:  []string{"json:status", "json:status.state"},
			ID:      []string{"json:idempotency_key"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:status.timestamp", Unit: spec.RFC3339}},
			Subject: []string{"json:task_id", "json:id"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute,
			Why:   "idempotency_key is in the signed body, the seller makes it, and it is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "As long as the seller's delivery_retry_horizon_seconds says; each try is signed anew.", Time: "Each try is signed anew, with a time of its own (AdCP docs, Webhooks)."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret is the seller's JSON Web Key whose adcp_use is webhook-signing, from the jwks_uri of its brand.json: give no key for other uses.",
			"The URL that the seller calls is signed: set public_url to it.",
			"The older HMAC (X-ADCP-Signature) ends with AdCP 4.0 and is not looked at.",
		},
		Source: "adcontextprotocol/adcp, docs/building/implementation/webhooks.mdx (components, parameters, spelling of bytes, window)",
		Unsure: []string{"whether senders write bytes in base64 or in base64url: both are taken", "time-out", "retry"},
	}
}

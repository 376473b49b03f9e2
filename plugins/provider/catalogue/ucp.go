package catalogue

import "webhookedge/plugins/provider/spec"

func ucpRow() spec.Provider {
	return spec.Provider{
		Name:  "ucp",
		Title: "Universal Commerce Protocol (UCP) orders",
		Docs:  "https://ucp.dev/specification/signatures",
		Schemes: []spec.Scheme{{
			Name: "rest", Kind: spec.HTTPSignature,
			Family: spec.Family{Signature: "header:signature"},
			Message: spec.Message{
				Algorithms: []spec.MessageAlgorithm{spec.MessageP256, spec.MessageP384, spec.MessageEd25519},
				Components: []string{"@method", "@authority", "@path", "@query?", "content-digest", "content-type", "idempotency-key?"},
				Parameters: []string{"keyid"}, Label: "{setting:label}",
			},
			Key: spec.KeyJWKS,
			Remote: &spec.Remote{
				URL: "https://{setting:business}/.well-known/ucp", Hosts: []string{"{setting:business}"},
				Member: "signing_keys", Form: spec.KeyJWKS,
			},
		}},
		Settings: []spec.Setting{
			{Name: "business", Doc: "Host of the business whose orders come, which publishes its profile at /.well-known/ucp.", Example: "merchant.octo-corp.example"},
			{Name: "label", Doc: "Label of the signature that counts, such as sig1, where a delivery may have several.", Optional: true, Example: "sig1"},
		},
		Facts: spec.Locators{
			Type:    []string{"text:order"},
			ID:      []string{"json:event_id"},
			Time:    []spec.TimeAt{{At: "json:created_time", Unit: spec.RFC3339}},
			Subject: []string{"json:id"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute,
			Why:   "event_id in the signed body, where the business sends one; else the order as it stands, which is signed.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "ucp-agent", Value: `profile="https://merchant.octo-corp.example/.well-known/ucp"`},
		},
		Pitfalls: []string{
			"The signature tells no time, as the protocol has it: a delivery that comes again is a duplicate while dedupe remembers it, and the same state of the order later.",
			"The keys are those of the business in the settings, whatever profile UCP-Agent names; a route takes one business.",
			"The URL that the business calls is signed: set public_url to it.",
		},
		Source: "Universal-Commerce-Protocol/ucp, docs/specification/signatures.md (REST binding) and order.md (webhook)",
		Unsure: []string{"retry", "time-out", "event_id and created_time: in an example of order.md"},
	}
}

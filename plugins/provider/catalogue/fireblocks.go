package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func fireblocksRow() spec.Provider {
	return spec.Provider{
		Name:  "fireblocks",
		Title: "Fireblocks",
		Docs:  "https://developers.fireblocks.com/reference/validating-webhooks",
		Schemes: []spec.Scheme{{
			Name: "jws", Kind: spec.DetachedJWS,
			Family:  spec.Family{Signature: "header:fireblocks-webhook-signature"},
			Content: "{body}",
			Expect:  []spec.Expect{{At: "json:workspaceId", Is: "{setting:workspace_id}"}},
			Key:     spec.KeyJWKS,
			JWT:     spec.JWT{Algorithms: []spec.Algorithm{spec.RS512}},
			Remote: &spec.Remote{
				URL: "https://{setting:keys_host}/.well-known/jwks.json", Hosts: []string{"{setting:keys_host}"}, Form: spec.KeyJWKS,
			},
		}, {
			Name: "rsa", Kind: spec.RSA, Hash: spec.SHA512, Companion: true,
			Family:   spec.Family{Signature: "header:fireblocks-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Expect: []spec.Expect{{At: "json:workspaceId", Is: "{setting:workspace_id}"}},
			Key:    spec.KeyPEM,
		}},
		Settings: []spec.Setting{{
			Name: "workspace_id", Doc: "The id of the workspace, as workspaceId of an event has it.",
			Pins: true, Example: "9ee1bff0-octo-4ae5-8e44-17c5b1f4a001",
		}, {
			Name: "keys_host", Doc: "The host of the keys: keys.fireblocks.io, or that of the environment: eu-keys, eu2-keys or sandbox-keys.fireblocks.io.",
			Default: "keys.fireblocks.io", Example: "keys.fireblocks.io",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventType"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:createdAt", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:workspaceId"},
			Subject: []string{"json:resourceId"},
		},
		Identity: spec.Identity{
			Why: "id names the event, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Retry: spec.Retry{Max: 10, Span: 15345 * time.Second, Note: "15, 45, 105 and so on up to 15345 seconds after the first."},
		Pitfalls: []string{
			"The keys are fetched from Fireblocks' host of your environment, keys_host, and rotate by themselves.",
			"One key signs for all workspaces, so that the setting workspace_id tells yours.",
			"Fireblocks-Signature, the scheme rsa, is the older signature by a key of its docs, which is the secret then; name it for webhooks that have no other. Webhooks of version 1 (type and tenantId in the body) ended in June 2026 and are not taken.",
		},
		Source: "Fireblocks docs, Validating webhooks (header, RS512, hosts of keys), Webhook notification structure, Webhooks (pauses of the retries), Validate requests (end of version 1); @fireblocks/ts-sdk, FireblocksWebhookConstants",
		Unsure: []string{"when the legacy header ends"},
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func fireblocksRow() spec.Provider {
	return spec.Provider{
		Name:  "fireblocks",
		Title: "Fireblocks",
		Docs:  "https://developers.fireblocks.com/reference/validating-webhooks",
		Schemes: []spec.Scheme{{
			Name: "rsa", Kind: spec.RSA, Hash: spec.SHA512,
			Family:   spec.Family{Signature: "header:fireblocks-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Expect: []spec.Expect{{At: "json:workspaceId", Is: "{setting:workspace_id}"}},
			Key:    spec.KeyPEM,
		}},
		Settings: []spec.Setting{{
			Name: "workspace_id", Doc: "The id of the workspace, as workspaceId of an event has it.",
			Pins: true, Example: "9ee1bff0-octo-4ae5-8e44-17c5b1f4a001",
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
		Pitfalls: []string{
			"The secret is Fireblocks' public key of your environment (US, EU or sandbox), from its docs; one key signs for all workspaces, so that the setting workspace_id tells yours.",
			"Fireblocks-Webhook-Signature, a detached JWS by rotated keys, is sent beside it and not looked at.",
		},
		Source: "Fireblocks docs, Validating webhooks (legacy signature)",
		Unsure: []string{"when the legacy header ends", "retry"},
	}
}

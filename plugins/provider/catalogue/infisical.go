package catalogue

import "webhookedge/plugins/provider/spec"

func infisicalRow() spec.Provider {
	return spec.Provider{
		Name:  "infisical",
		Title: "Infisical",
		Docs:  "https://infisical.com/docs/documentation/platform/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-infisical-signature", Timestamp: "json:timestamp"},
			Layout: spec.List, Mark: "t=", Separator: ";", Encoding: spec.Hex, Content: "{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:project.workspaceId"},
			Subject: []string{"json:project.environment"},
		},
		Identity: spec.Identity{
			Why: "There is no id: the signed body holds the time in milliseconds, the project and its path.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "No retries are documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The header is t=<time>;<signature>: the signature covers the body alone, which holds the same time.",
			"Without a secret key a webhook is not signed, and is refused.",
		},
		Source: "Infisical docs, Webhooks; @trigger.dev/core, v3/webhooks/index.js",
		Unsure: []string{"retry"},
	}
}

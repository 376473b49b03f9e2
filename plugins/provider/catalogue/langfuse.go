package catalogue

import "webhookedge/plugins/provider/spec"

func langfuseRow() spec.Provider {
	return spec.Provider{
		Name:  "langfuse",
		Title: "Langfuse",
		Docs:  "https://langfuse.com/docs/prompt-management/features/webhooks-slack-integrations",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-langfuse-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:action"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:prompt.projectId"},
			Subject: []string{"json:prompt.name"},
		},
		Identity: spec.Identity{
			Why: "id is a UUID of the event in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "No retries are documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Langfuse/1.0"},
		},
		Pitfalls: []string{
			"A label that moves between versions makes two events, one for each version.",
			"The secret begins with lf-whsec_ and is used as it is.",
		},
		Source: "Langfuse docs, Webhooks; @trigger.dev/core, v3/webhooks/index.js",
		Unsure: []string{"retry", "tolerance: 5 minutes are customary"},
	}
}

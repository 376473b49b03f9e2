package catalogue

import "webhookedge/plugins/provider/spec"

func kontentAiRow() spec.Provider {
	return spec.Provider{
		Name:  "kontent-ai",
		Title: "Kontent.ai",
		Docs:  "https://kontent.ai/learn/docs/webhooks/webhooks/javascript",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "header:x-kontent-ai-signature"},
			Alternates: []spec.Family{{Signature: "header:x-kc-signature"}},
			Encoding:   spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:message.type"},
			Action:  []string{"json:message.operation"},
			ID:      []string{"json:message.id"},
			Time:    []spec.TimeAt{{At: "json:message.created_timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:message.project_id"},
			Subject: []string{"json:data.items.0.id"},
		},
		Batch: &spec.Batch{At: "notifications", Facts: spec.Locators{
			Type:    []string{"json:message.object_type"},
			Action:  []string{"json:message.action"},
			Time:    []spec.TimeAt{{At: "json:data.system.last_modified", Unit: spec.RFC3339}},
			Tenant:  []string{"json:message.environment_id"},
			Subject: []string{"json:data.system.id"},
		}},
		Identity: spec.Identity{
			Why: "A notification has no id; its action, the object and the time of its last change are in the signed body. Legacy webhooks have message.id.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "With growing pauses, by the retry policy of the docs."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the secret as it is shown, although it looks like base64.",
			"Legacy webhooks sign with X-KC-Signature and have one message instead of a list of notifications.",
			"X-KC-Wait-For-Loading-New-Content is for the client of the API that fetches the changed item, and not for the receiver.",
		},
		Source: "@kontent-ai/webhook-helper 3.0.3, signatures and their tests; Kontent.ai Learn, Webhooks and Legacy webhooks",
		Unsure: []string{"retry", "time-out"},
	}
}

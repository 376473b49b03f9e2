package catalogue

import "webhookedge/plugins/provider/spec"

func composioRow() spec.Provider {
	return spec.Provider{
		Name:  "composio",
		Title: "Composio",
		Docs:  "https://docs.composio.dev/reference/api-reference/webhook-events",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:metadata.user_id"},
			Subject: []string{"json:metadata.trigger_id", "json:metadata.connected_account_id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again; x-composio-delivery-attempt counts them.", Time: eachTryIsSigned},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-composio-webhook-version", Value: "V3"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key is the secret as it is shown.",
			"metadata.trigger_slug names the event of the connected app, such as GITHUB_COMMIT_EVENT.",
		},
		Source: "@composio/core 0.17.0, dist/index.mjs (verifyWebhookSignature); Composio docs, Webhook events (payload V3)",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func zendeskRow() spec.Provider {
	return spec.Provider{
		Name:    "zendesk",
		Title:   "Zendesk",
		Docs:    "https://developer.zendesk.com/documentation/webhooks/verifying/",
		Methods: []string{"POST", "PUT", "PATCH"},
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-zendesk-webhook-signature", Timestamp: "header:x-zendesk-webhook-signature-timestamp"},
			Encoding: spec.Base64, Content: "{timestamp}{body}",
			TimeUnit: spec.RFC3339, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Levels:  spec.LevelsColon,
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id", "header:x-zendesk-webhook-invocation-id"},
			Time:    []spec.TimeAt{{At: "json:time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:account_id", "header:x-zendesk-account-id"},
			Subject: []string{"json:subject"},
		},
		Identity: spec.Identity{
			Why: "id names the event, in the signed body; a webhook of a trigger sends what its author wrote, and X-Zendesk-Webhook-Invocation-Id, which is not signed, counts beside the digest.",
		},
		ContentTypes: []string{"application/json", "application/xml", "application/x-www-form-urlencoded"},
		Timeout:      12 * time.Second,
		Retry:        spec.Retry{Max: 5, Note: "409: up to three tries; 429 and 503 with Retry-After below 60 s: three tries; a time-out: five. A circuit breaker opens at 70 % errors within 5 minutes.", Time: "How far apart the tries are is not documented, so no tolerance can be made of them."},
		On429:        "Tried again up to three times where Retry-After is below 60 s.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Zendesk Webhook"},
			{Name: "x-zendesk-account-id", Value: "123456"},
			{Name: "x-zendesk-webhook-id", Value: "01OCTO"},
			{Name: "x-zendesk-webhook-invocation-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"Trigger and automation webhooks have bodies of your own making: give them type and id.",
			"Nothing stands between the time and the body in the signed text.",
		},
		Source: "Zendesk developer docs, Verifying webhook authenticity",
		Unsure: []string{"retry", "time-out", "tolerance: 5 minutes are customary"},
	}
}

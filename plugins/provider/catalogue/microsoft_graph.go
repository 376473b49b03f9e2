package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func microsoftGraphRow() spec.Provider {
	return spec.Provider{
		Name:  "microsoft-graph",
		Title: "Microsoft Graph change notifications",
		Docs:  "https://learn.microsoft.com/graph/change-notifications-delivery-webhooks",
		Schemes: []spec.Scheme{{
			Name: "client-state", Kind: spec.Token,
			Family: spec.Family{Signature: "json:clientState"},
			Each:   "value",
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{At: "value", Facts: spec.Locators{
			Type:    []string{"json:changeType", "json:lifecycleEvent"},
			ID:      []string{"json:id"},
			Tenant:  []string{"json:tenantId"},
			Subject: []string{"json:resource"},
		}},
		Identity: spec.Identity{
			None: true,
			Why:  "id is optional: a notification without one names a resource that changed, and the next change has the same body.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "query:validationToken", Challenge: "query:validationToken", Answer: spec.Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true}},
		Success:      spec.Answer{Status: 202},
		Timeout:      3 * time.Second,
		Retry:        spec.Retry{Span: 4 * time.Hour, Note: "Slow endpoints are throttled, then dropped."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: clientState, chosen with the subscription, is a token that stands in every item, and each of them must be right.",
			"Items of several tenants and subscriptions may share a delivery: give one clientState to all of them.",
			"Rich notifications carry tokens (validationTokens), which are not looked at.",
			"Subscriptions expire and must be renewed.",
		},
		Source: "Microsoft Learn, Change notifications by webhook; Microsoft Q&A and NangoHQ/nango (validation token)",
		Unsure: []string{"time-out", "retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func sentryRow() provider.Provider {
	return provider.Provider{
		Name:  "sentry",
		Title: "Sentry integration platform",
		Docs:  "https://docs.sentry.io/integrations/integration-platform/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:sentry-hook-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"header:sentry-hook-resource"},
			Action:  []string{"json:action"},
			ID:      []string{"header:request-id"},
			Time:    []provider.TimeAt{{At: "header:sentry-hook-timestamp", Unit: provider.Seconds}},
			Tenant:  []string{"json:installation.uuid"},
			Subject: []string{"json:data.issue.id", "json:data.event.issue_id", "json:data.error.issue_id"},
		},
		Types: sentryTypes(),
		Identity: provider.Identity{
			Why: "Request-ID names the request and is not signed; an issue that is resolved twice can have one body twice, so that the id counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      1 * time.Second,
		Retry:        provider.Retry{Note: "No retry; a thousand time-outs within 24 h end the subscription."},
		Ranges:       []provider.RangeList{{Name: "sentry", Docs: "https://docs.sentry.io/security-legal-pii/security/ip-ranges/"}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "request-id", Value: "{id}"},
			{Name: "sentry-hook-resource", Value: "{event}"},
			{Name: "sentry-hook-timestamp", Value: "1749722400"},
		},
		Pitfalls: []string{
			"Answer within 1 s: switch off what makes the chain slow.",
			"Sentry-Hook-Timestamp, Sentry-Hook-Resource and Request-ID are not signed.",
		},
		Source: "Sentry docs, Integration platform webhooks; Sentry changelog of 2023-10-03 (time-out)",
		Unsure: []string{"retry"},
	}
}

// sentryTypes are by the member of data that a resource has (Sentry, Webhooks).
func sentryTypes() []provider.TypeRule {
	return []provider.TypeRule{
		{Type: "comment", Has: []string{"data.comment_id"}},
		{Type: "error", Has: []string{"data.error"}},
		{Type: "event_alert", Has: []string{"data.event", "data.triggered_rule"}},
		{Type: "installation", Has: []string{"data.installation"}},
		{Type: "issue", Has: []string{"data.issue"}},
		{Type: "metric_alert", Has: []string{"data.metric_alert"}},
	}
}

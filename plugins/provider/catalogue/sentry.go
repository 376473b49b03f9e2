package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func sentryRow() spec.Provider {
	return spec.Provider{
		Name:  "sentry",
		Title: "Sentry integration platform",
		Docs:  "https://docs.sentry.io/integrations/integration-platform/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:sentry-hook-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:sentry-hook-resource"},
			Action:  []string{"json:action"},
			ID:      []string{"header:request-id"},
			Time:    []spec.TimeAt{{At: "header:sentry-hook-timestamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:installation.uuid"},
			Subject: []string{"json:data.issue.id", "json:data.event.issue_id", "json:data.error.issue_id"},
		},
		Types: sentryTypes(),
		Identity: spec.Identity{
			Why: "Request-ID names the request and is not signed; an issue that is resolved twice can have one body twice, so that the id counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      1 * time.Second,
		Retry:        spec.Retry{Note: "No retry; a thousand time-outs within 24 h end the subscription."},
		Ranges:       []spec.RangeList{{Name: "sentry", Docs: "https://docs.sentry.io/security-legal-pii/security/ip-ranges/"}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "request-id", Value: "{id}"},
			{Name: "sentry-hook-resource", Value: "{event}"},
			{Name: "sentry-hook-timestamp", Value: "{unix}"},
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
func sentryTypes() []spec.TypeRule {
	return []spec.TypeRule{
		{Type: "comment", Has: []string{"data.comment_id"}},
		{Type: "error", Has: []string{"data.error"}},
		{Type: "event_alert", Has: []string{"data.event", "data.triggered_rule"}},
		{Type: "installation", Has: []string{"data.installation"}},
		{Type: "issue", Has: []string{"data.issue"}},
		{Type: "metric_alert", Has: []string{"data.metric_alert"}},
	}
}

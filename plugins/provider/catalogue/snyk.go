package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func snykRow() spec.Provider {
	return spec.Provider{
		Name:  "snyk",
		Title: "Snyk",
		Docs:  "https://docs.snyk.io/snyk-api/using-specific-snyk-apis/webhooks-apis/about-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-hub-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:x-snyk-event"},
			Split:   spec.SplitFirstSlash,
			ID:      []string{"header:x-snyk-transport-id"},
			Time:    []spec.TimeAt{{At: "header:x-snyk-timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:org.id"},
			Subject: []string{"json:project.id"},
		},
		Types: snykTypes(),
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the project with the time of its last test; X-Snyk-Transport-ID is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Note: "Failed deliveries are tried again."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-snyk-event", Value: "{event}"},
			{Name: "x-snyk-timestamp", Value: "{time}"},
			{Name: "x-snyk-transport-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"X-Hub-Signature carries SHA-256 here.",
			"The event name stands in a header (project_snapshot/v0), which the signature does not cover.",
		},
		Source: "Snyk docs, Webhooks (headers, events) and About webhooks",
		Unsure: []string{"retry"},
	}
}

// snykTypes are those of Snyk's documentation (Webhooks, event types).
func snykTypes() []spec.TypeRule {
	return []spec.TypeRule{
		{Type: "ping", Lacks: []string{"project", "newIssues"}},
		{Type: "project_snapshot/v0", Has: []string{"project", "org", "newIssues"}},
	}
}

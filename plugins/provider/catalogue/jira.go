package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func jiraRow() spec.Provider {
	return spec.Provider{
		Name:  "jira",
		Title: "Jira Cloud",
		Docs:  "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-hub-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:webhookEvent"},
			Levels:  spec.LevelsColon,
			ID:      []string{"header:x-atlassian-webhook-identifier"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:issue.fields.project.key", "json:project.key"},
			Subject: []string{"json:issue.key", "json:project.key"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and the issue; X-Atlassian-Webhook-Identifier is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 5, Span: 75 * time.Minute, Note: "5 to 15 minutes apart, after 408, 409, 425, 429, a 5xx or no connection."},
		On429:        "Tried again after 5 to 15 minutes.",
		Ranges:       []spec.RangeList{atlassianRanges("jira")},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Atlassian Webhook HTTP Client"},
			{Name: "x-atlassian-webhook-identifier", Value: "{id}"},
		},
		Pitfalls: []string{
			"A webhook without a secret is not signed, so its deliveries are refused.",
			"The header may name another method some day: only sha256 is accepted.",
			"A webhook can be set to send no body: it then tells nothing.",
		},
		Source: "Atlassian developer docs, Webhooks (test value recomputed)",
		Unsure: []string{"retry"},
	}
}

// atlassian is the part of Atlassian's list that one product sends from.
func atlassianRanges(product string) spec.RangeList {
	return spec.RangeList{
		Name: "atlassian-" + product, URL: "https://ip-ranges.atlassian.com/", Format: spec.RangeJSON, Paths: []string{"items.*.cidr"},
		Where: []spec.RangeMatch{{Field: "product", OneOf: []string{product}}, {Field: "direction", OneOf: []string{"egress"}}},
		Docs:  "https://support.atlassian.com/organization-administration/docs/ip-addresses-and-domains-for-atlassian-cloud-products/",
	}
}

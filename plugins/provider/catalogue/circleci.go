package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func circleciRow() provider.Provider {
	return provider.Provider{
		Name:  "circleci",
		Title: "CircleCI",
		Docs:  "https://circleci.com/docs/guides/integration/outbound-webhooks/",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:circleci-signature"},
			Layout: provider.Pairs, Mark: "v1", Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type", "header:circleci-event-type"},
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:happened_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:organization.id", "json:organization.name"},
			Subject: []string{"json:project.slug"},
		},
		Identity: provider.Identity{
			Why: "id names the event, in the signed body: consumers are to tell doubles by it, says the documentation.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Note: "A status that is no 2xx and a time-out are tried again later."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "circleci-event-type", Value: "{event}"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "CircleCI-Webhook/1.0"},
		},
		Pitfalls: []string{
			"The header is a list of versions, of which v1 is the only one so far; others are not looked at.",
		},
		Source: "circleci-docs repository, outbound-webhooks (four values recomputed)",
	}
}

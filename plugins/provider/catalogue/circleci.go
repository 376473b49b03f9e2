package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func circleciRow() spec.Provider {
	return spec.Provider{
		Name:  "circleci",
		Title: "CircleCI",
		Docs:  "https://circleci.com/docs/guides/integration/outbound-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:circleci-signature"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type", "header:circleci-event-type"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:happened_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:organization.id", "json:organization.name"},
			Subject: []string{"json:project.slug"},
		},
		Identity: spec.Identity{
			Why: "id names the event, in the signed body: consumers are to tell doubles by it, says the documentation.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Note: "A status that is no 2xx and a time-out are tried again later."},
		Sends: []spec.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func azureEventGridRow() provider.Provider {
	return provider.Provider{
		Name:  "azure-event-grid",
		Title: "Azure Event Grid",
		Docs:  "https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema",
		Schemes: []provider.Scheme{{
			Name: "query", Kind: provider.Token,
			Family: provider.Family{Signature: "query:secret"},
			Key:    provider.KeyText,
		}},
		Settings: []provider.Setting{{
			Name: "origin", Doc: "The one origin (WebHook-Request-Origin) that may deliver; any may ask where it is not set, and still needs the secret to deliver.",
			Example: "eventgrid.azure.net", Optional: true,
		}},
		Facts: provider.Locators{
			Type:    []string{"header:ce-type", "json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"header:ce-id", "json:id"},
			Time:    []provider.TimeAt{{At: "header:ce-time", Unit: provider.RFC3339}, {At: "json:time", Unit: provider.RFC3339}},
			Tenant:  []string{"header:ce-source", "json:source", "header:aeg-subscription-name"},
			Subject: []string{"header:ce-subject", "json:subject"},
		},
		Batch: &provider.Batch{Unless: "header:ce-specversion", Facts: provider.Locators{
			Type:    []string{"json:eventType", "json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:eventTime", Unit: provider.RFC3339}, {At: "json:time", Unit: provider.RFC3339}},
			Tenant:  []string{"json:topic", "json:source"},
			Subject: []string{"json:subject"},
		}},
		Identity: provider.Identity{
			Scope: provider.ScopeTenant,
			Why:   "An id is unique in the topic (Event Grid schema) or source (CloudEvents) that published the event: publishers choose it.",
		},
		ContentTypes: []string{"application/json", "application/cloudevents+json", "application/cloudevents-batch+json"},
		Handshakes:   []provider.Handshake{{Method: "POST", When: "header:aeg-event-type", Is: "SubscriptionValidation", Challenge: "json:0.data.validationCode", Answer: provider.Answer{ContentType: "application/json", Body: `{"validationResponse":{challenge|json}}`}, Unsigned: true}, {Method: "OPTIONS", When: "header:webhook-request-origin", Challenge: "header:webhook-request-origin", Token: "header:webhook-request-origin", TokenSetting: "origin", Answer: provider.Answer{Headers: []provider.Header{{Name: "webhook-allowed-origin", Value: "{challenge}"}}}, Grants: []provider.Grant{{At: "header:webhook-request-rate", Name: "webhook-allowed-rate"}}, Unsigned: true}},
		Timeout:      30 * time.Second,
		Retry:        provider.Retry{Span: 24 * time.Hour, Note: "By default, then dead letters; 400, 401, 403 and 413 are treated apart."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Event Grid does not sign: the secret is the query parameter secret of the endpoint's URL; keep it out of access logs.",
			"An array is posted even for one event.",
			"Firewalls often block the validation request.",
		},
		Source: "Microsoft Learn, endpoint validation; CloudEvents HTTP webhook specification",
		Unsure: []string{"retry", "time-out"},
	}
}

package catalogue

import "webhookedge/plugins/provider"

func cloudeventsRow() provider.Provider {
	return provider.Provider{
		Name:  "cloudevents",
		Title: "CloudEvents HTTP webhook",
		Docs:  "https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md",
		Schemes: []provider.Scheme{{
			Name: "bearer", Kind: provider.Token,
			Family: provider.Family{Signature: "header:authorization"},
			Mark:   "Bearer ",
			Key:    provider.KeyText,
		}, {
			Name: "query", Kind: provider.Token, Weak: true,
			Family: provider.Family{Signature: "query:access_token"},
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
			Tenant:  []string{"header:ce-source", "json:source"},
			Subject: []string{"header:ce-subject", "json:subject"},
		},
		Batch: &provider.Batch{Unless: "header:ce-specversion", Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:time", Unit: provider.RFC3339}},
			Tenant:  []string{"json:source"},
			Subject: []string{"json:subject"},
		}},
		Identity: provider.Identity{
			Scope: provider.ScopeTenant,
			Why:   "source with id is unique for each event (CloudEvents 1.0, id); the tenant is the source.",
		},
		ContentTypes: []string{"application/cloudevents+json", "application/json", "application/cloudevents-batch+json"},
		Handshakes:   []provider.Handshake{{Method: "OPTIONS", When: "header:webhook-request-origin", Challenge: "header:webhook-request-origin", Token: "header:webhook-request-origin", TokenSetting: "origin", Answer: provider.Answer{Headers: []provider.Header{{Name: "webhook-allowed-origin", Value: "{challenge}"}}}, Grants: []provider.Grant{{At: "header:webhook-request-rate", Name: "webhook-allowed-rate"}}, Unsigned: true}},
		Retry:        provider.Retry{Note: "Up to the sender: 429 with Retry-After is respected, 410 ends the subscription, 415 is not tried again."},
		On429:        "Respected, with Retry-After.",
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/cloudevents+json"},
		},
		Pitfalls: []string{
			"An event is named by its source together with its id.",
			"In binary mode the event's attributes are headers (ce-*), which nothing signs.",
		},
		Source: "CloudEvents, HTTP 1.1 Web Hooks for Event Delivery 1.0",
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func cloudeventsRow() spec.Provider {
	return spec.Provider{
		Name:  "cloudevents",
		Title: "CloudEvents HTTP webhook",
		Docs:  "https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md",
		Schemes: []spec.Scheme{{
			Name: "bearer", Kind: spec.Token,
			Family: spec.Family{Signature: "header:authorization"},
			Mark:   "Bearer ",
			Key:    spec.KeyText,
		}, {
			Name: "query", Kind: spec.Token, Weak: true,
			Family: spec.Family{Signature: "query:access_token"},
			Key:    spec.KeyText,
		}},
		Settings: []spec.Setting{{
			Name: "origin", Doc: "The one origin (WebHook-Request-Origin) that may deliver; any may ask where it is not set, and still needs the secret to deliver.",
			Example: "eventgrid.azure.net", Optional: true,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:ce-type", "json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:ce-id", "json:id"},
			Time:    []spec.TimeAt{{At: "header:ce-time", Unit: spec.RFC3339}, {At: "json:time", Unit: spec.RFC3339}},
			Tenant:  []string{"header:ce-source", "json:source"},
			Subject: []string{"header:ce-subject", "json:subject"},
		},
		Batch: &spec.Batch{Unless: "header:ce-specversion", Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:source"},
			Subject: []string{"json:subject"},
		}},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "source with id is unique for each event (CloudEvents 1.0, id); the tenant is the source.",
		},
		ContentTypes: []string{"application/cloudevents+json", "application/json", "application/cloudevents-batch+json"},
		Handshakes:   []spec.Handshake{{Method: "OPTIONS", When: "header:webhook-request-origin", Challenge: "header:webhook-request-origin", Token: "header:webhook-request-origin", TokenSetting: "origin", Answer: spec.Answer{Headers: []spec.Header{{Name: "webhook-allowed-origin", Value: "{challenge}"}}}, Grants: []spec.Grant{{At: "header:webhook-request-rate", Name: "webhook-allowed-rate"}}, Unsigned: true}},
		Retry:        spec.Retry{Note: "Up to the sender: 429 with Retry-After is respected, 410 ends the subscription, 415 is not tried again."},
		On429:        "Respected, with Retry-After.",
		Sends: []spec.Header{
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

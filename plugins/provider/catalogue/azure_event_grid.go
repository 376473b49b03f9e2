package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func azureEventGridRow() spec.Provider {
	return spec.Provider{
		Name:  "azure-event-grid",
		Title: "Azure Event Grid",
		Docs:  "https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema",
		Schemes: []spec.Scheme{{
			Name: "query", Kind: spec.Token,
			Family: spec.Family{Signature: "query:secret"},
			Key:    spec.KeyText,
		}, {
			Name: "entra", Kind: spec.JSONToken,
			Family:       spec.Family{Signature: "header:authorization"},
			Mark:         "Bearer ",
			BodyUnsigned: true,
			Key:          spec.KeyJWKS,
			JWT: spec.JWT{
				Algorithms: []spec.Algorithm{spec.RS256},
				Issuers:    []string{"https://sts.windows.net/{setting:tenant_id}/", "https://login.microsoftonline.com/{setting:tenant_id}/v2.0"},
				Audience:   "{setting:audience}", NeedExpiry: true,
				// Version 1 of the tokens has appid, version 2 has azp.
				Claims: []spec.Expect{{At: "appid | azp", Is: "{setting:event_grid_app}"}},
			},
			Remote: &spec.Remote{URL: "https://login.microsoftonline.com/{setting:tenant_id}/discovery/v2.0/keys", Hosts: []string{"login.microsoftonline.com"}, Form: spec.KeyJWKS},
		}},
		Settings: []spec.Setting{{
			Name: "origin", Doc: "The one origin (WebHook-Request-Origin) that may deliver; any may ask where it is not set, and still needs the secret to deliver.",
			Example: "eventgrid.azure.net", Optional: true,
		}, {
			Name: "tenant_id", Doc: "For entra: the id of the Microsoft Entra tenant whose application protects the endpoint.",
			Example: "11111111-2222-4333-8444-555555555555",
		}, {
			Name: "audience", Doc: "For entra: the application's id or its URI, which the event subscription names.",
			Example: "66666666-7777-4888-8999-000000000000",
		}, {
			Name: "event_grid_app", Doc: "For entra: the id of the application as which Event Grid asks for tokens; the default is Microsoft.EventGrid in the public cloud.",
			Default: "4962773b-9cdb-44cf-a8bf-237846a00ab7",
		}},
		Facts: spec.Locators{
			Type:    []string{"header:ce-type", "json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:ce-id", "json:id"},
			Time:    []spec.TimeAt{{At: "header:ce-time", Unit: spec.RFC3339}, {At: "json:time", Unit: spec.RFC3339}},
			Tenant:  []string{"header:ce-source", "json:source", "header:aeg-subscription-name"},
			Subject: []string{"header:ce-subject", "json:subject"},
		},
		Batch: &spec.Batch{Unless: "header:ce-specversion", Facts: spec.Locators{
			Type:    []string{"json:eventType", "json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:eventTime", Unit: spec.RFC3339}, {At: "json:time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:topic", "json:source"},
			Subject: []string{"json:subject"},
		}},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "An id is unique in the topic (Event Grid schema) or source (CloudEvents) that published the event: publishers choose it.",
		},
		ContentTypes: []string{"application/json", "application/cloudevents+json", "application/cloudevents-batch+json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "header:aeg-event-type", Is: "SubscriptionValidation", Challenge: "json:0.data.validationCode", Answer: spec.Answer{ContentType: "application/json", Body: `{"validationResponse":{challenge|json}}`}, Unsigned: true}, {Method: "OPTIONS", When: "header:webhook-request-origin", Challenge: "header:webhook-request-origin", Token: "header:webhook-request-origin", TokenSetting: "origin", Answer: spec.Answer{Headers: []spec.Header{{Name: "webhook-allowed-origin", Value: "{challenge}"}}}, Grants: []spec.Grant{{At: "header:webhook-request-rate", Name: "webhook-allowed-rate"}}, Unsigned: true}},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "By default, then dead letters; 400, 401, 403 and 413 are treated apart."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Event Grid does not sign: the secret is the query parameter secret of the endpoint's URL; keep it out of access logs.",
			"With the scheme entra the delivery has an access token of Microsoft Entra, which says nothing of the body: it proves that Event Grid calls, for a subscription of the tenant.",
			"An array is posted even for one event.",
			"Firewalls often block the validation request.",
		},
		Source: "Microsoft Learn, endpoint validation, Secure WebHook delivery with Microsoft Entra application (its script has the application's id); CloudEvents HTTP webhook specification",
		Unsure: []string{"retry", "time-out"},
	}
}

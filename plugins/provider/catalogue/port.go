package catalogue

import "webhookedge/plugins/provider/spec"

func portRow() spec.Provider {
	return spec.Provider{
		Name:  "port",
		Title: "Port",
		Docs:  "https://docs.port.io/actions-and-automations/setup-backend/webhook/",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-port-signature", Timestamp: "header:x-port-timestamp"},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:resourceType"},
			Action:  []string{"json:action"},
			Time:    []spec.TimeAt{{At: "json:trigger.at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:trigger.by.orgId"},
			Subject: []string{"json:context.runId", "json:context.entity"},
		},
		Identity: spec.Identity{
			Why: "There is no id of the delivery: a body holds who did what and when, and of an action its run.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "No retries are documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the client secret of the organization.",
		},
		Source: "port-labs/port-docs, Validate webhook signatures; port-labs/port-agent",
		Unsure: []string{"retry"},
	}
}

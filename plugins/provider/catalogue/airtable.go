package catalogue

import "webhookedge/plugins/provider/spec"

func airtableRow() spec.Provider {
	return spec.Provider{
		Name:  "airtable",
		Title: "Airtable",
		Docs:  "https://airtable.com/developers/web/api/webhooks-overview",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-airtable-content-mac"},
			Mark:   "hmac-sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyBase64,
		}},
		Facts: spec.Locators{
			Type:    []string{"text:ping"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:base.id"},
			Subject: []string{"json:webhook.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "A ping holds its time in milliseconds and the webhook's id, so that no two have one body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Backs off and tries again; notifications are switched off after many failures."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"A ping carries no changes: fetch the payloads of the webhook by its cursor.",
			"Webhooks expire after 7 days unless they are refreshed.",
			"The secret is the macSecretBase64 of the create call, used decoded.",
		},
		Source: "Airtable webhooks overview by way of the trigger.dev source catalogue (header, prefix, key form)",
		Unsure: []string{"retry"},
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func stytchRow() spec.Provider {
	return throughSvix(svixDefault, spec.Provider{
		Name:  "stytch",
		Title: "Stytch",
		Docs:  "https://stytch.com/docs/guides/webhooks",
		Facts: spec.Locators{
			Type:    []string{"json:object_type", "json:type"},
			Action:  []string{"json:action"},
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:project_id"},
			Subject: []string{"json:id"},
		},
		Source: "Svix, list of ingest sources (SvixConfig); Stytch docs, Webhooks",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	})
}

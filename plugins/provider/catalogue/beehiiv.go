package catalogue

import "webhookedge/plugins/provider/spec"

func beehiivRow() spec.Provider {
	return throughSvix(svixDefault, spec.Provider{
		Name:  "beehiiv",
		Title: "beehiiv",
		Docs:  "https://developers.beehiiv.com/webhooks",
		Facts: spec.Locators{
			Type:    []string{"json:event_type", "json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:event_timestamp", Unit: spec.Seconds}, {At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.publication_id"},
			Subject: []string{"json:data.id"},
		},
		Source: "Svix, list of ingest sources (SvixConfig)",
		Unsure: []string{"places of the event's facts", "retry schedule: Svix's, the sender may set another"},
	})
}

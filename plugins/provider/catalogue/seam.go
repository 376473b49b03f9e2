package catalogue

import "webhookedge/plugins/provider/spec"

func seamRow() spec.Provider {
	return throughSvix(svixSchedule, spec.Provider{
		Name:  "seam",
		Title: "Seam",
		Docs:  "https://docs.seam.co/latest/developer-tools/webhooks",
		Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:occurred_at", Unit: spec.RFC3339}, {At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:workspace_id"},
			Subject: []string{"json:access_code_id", "json:device_id", "json:connected_account_id"},
		},
		Source: "@seamapi/webhook 1.2.0, lib/seam-webhook.js; Seam docs, Webhooks and Events",
	})
}

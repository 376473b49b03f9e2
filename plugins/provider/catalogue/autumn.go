package catalogue

import "webhookedge/plugins/provider/spec"

func autumnRow() spec.Provider {
	return throughSvix(svixSchedule, spec.Provider{
		Name:  "autumn",
		Title: "Autumn",
		Docs:  "https://docs.useautumn.com/documentation/webhooks",
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Subject: []string{"json:data.customer.id", "json:data.customer_id"},
		},
		Pitfalls: []string{
			"data.scenario tells what kind of change customer.products.updated is.",
		},
		Source: "@trigger.dev/core 4.8.3, v3/webhooks/index.js; Autumn docs, Webhooks",
		Unsure: []string{"places of the subjects"},
	})
}

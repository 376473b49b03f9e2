package catalogue

import "webhookedge/plugins/provider/spec"

func clerkRow() spec.Provider {
	return throughSvix(svixDefault, spec.Provider{
		Name:  "clerk",
		Title: "Clerk",
		Docs:  "https://clerk.com/docs/guides/development/webhooks/overview",
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Milliseconds}, {At: "json:created_at", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:instance_id"},
			Subject: []string{"json:data.id"},
		},
		Source: "clerk/javascript, packages/backend/src/webhooks.ts",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	})
}

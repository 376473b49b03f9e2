package catalogue

import "webhookedge/plugins/provider/spec"

func privyRow() spec.Provider {
	return throughSvix(svixSchedule, spec.Provider{
		Name:  "privy",
		Title: "Privy",
		Docs:  "https://docs.privy.io/api-reference/webhooks/overview",
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Subject: []string{"json:user.id", "json:wallet_id", "json:transaction_id"},
		},
		Pitfalls: []string{
			"user is the account as it is after the change, and account what was linked or removed.",
		},
		Source: "@privy-io/node 0.35.0, public-api/services/webhooks.js; Privy docs, Webhooks",
		Unsure: []string{"places of the subjects of wallets"},
	})
}

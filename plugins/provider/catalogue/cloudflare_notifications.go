package catalogue

import "webhookedge/plugins/provider"

func cloudflareNotificationsRow() provider.Provider {
	return provider.Provider{
		Name:  "cloudflare-notifications",
		Title: "Cloudflare Notifications",
		Docs:  "https://developers.cloudflare.com/notifications/get-started/configure-webhooks/",
		Schemes: []provider.Scheme{{
			Name: "token", Kind: provider.Token,
			Family: provider.Family{Signature: "header:cf-webhook-auth"},
			Key:    provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:alert_type"},
			Time:    []provider.TimeAt{{At: "json:ts", Unit: provider.Seconds}},
			Tenant:  []string{"json:account_id"},
			Subject: []string{"json:policy_id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the time of the alert, its policy and what it is about; alert_correlation_id is that of several.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: the secret travels in a header of every delivery.",
			"A test message is sent when the destination is saved.",
			"alert_correlation_id is shared by the start and the end of an alert, so the id is made of the body.",
		},
		Source: "Cloudflare docs, Configure webhooks; trigger.dev source catalogue",
		Unsure: []string{"places of the event's facts", "retry"},
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func cloudflareNotificationsRow() spec.Provider {
	return spec.Provider{
		Name:  "cloudflare-notifications",
		Title: "Cloudflare Notifications",
		Docs:  "https://developers.cloudflare.com/notifications/get-started/configure-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "token", Kind: spec.Token,
			Family: spec.Family{Signature: "header:cf-webhook-auth"},
			Key:    spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:alert_type"},
			Time:    []spec.TimeAt{{At: "json:ts", Unit: spec.Seconds}},
			Tenant:  []string{"json:account_id"},
			Subject: []string{"json:policy_id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time of the alert, its policy and what it is about; alert_correlation_id is that of several.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
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

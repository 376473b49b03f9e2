package catalogue

import "webhookedge/plugins/provider"

func grafanaRow() provider.Provider {
	return provider.Provider{
		Name:    "grafana",
		Title:   "Grafana alerting",
		Docs:    "https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/",
		Methods: []string{"POST", "PUT"},
		Schemes: []provider.Scheme{{
			Name: "time", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-grafana-alerting-signature", Timestamp: "header:x-grafana-alerting-timestamp"},
			Encoding: provider.Hex, Content: "{timestamp}:{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText, KeyMin: 8,
		}, {
			Name: "body", Kind: provider.HMAC, Hash: provider.SHA256, Weak: true,
			Family:   provider.Family{Signature: "header:x-grafana-alerting-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}, {
			Name: "bearer", Kind: provider.Token, Weak: true,
			Family: provider.Family{Signature: "header:authorization"},
			Mark:   "Bearer ",
			Key:    provider.KeyText, KeyMin: 8,
		}, {
			Name: "basic", Kind: provider.Basic, Weak: true,
			Family: provider.Family{Signature: "header:authorization"},
			Key:    provider.KeyUser, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"text:alerts"},
			Action:  []string{"json:status"},
			Time:    []provider.TimeAt{{At: "json:alerts.0.startsAt", Unit: provider.RFC3339}},
			Tenant:  []string{"json:orgId"},
			Subject: []string{"json:groupKey"},
		},
		Identity: provider.Identity{
			None: true,
			Why:  "A group of alerts that goes on firing is sent again with the same body as a reminder, and has no id.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "Alertmanager tries again while the alert lasts."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Grafana"},
		},
		Pitfalls: []string{
			"Signing is off until the contact point has a secret (Grafana 12).",
			"Enter X-Grafana-Alerting-Timestamp as timestamp header: without one the body alone is signed (scheme body), and a replay is not noticed.",
			"One delivery holds all alerts of a group.",
		},
		Source: "Grafana docs, Webhook notifier: HMAC signature; receivers in public repositories",
		Unsure: []string{"retry"},
	}
}

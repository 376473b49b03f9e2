package catalogue

import "webhookedge/plugins/provider/spec"

func grafanaRow() spec.Provider {
	return spec.Provider{
		Name:    "grafana",
		Title:   "Grafana alerting",
		Docs:    "https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/",
		Methods: []string{"POST", "PUT"},
		Schemes: []spec.Scheme{{
			Name: "time", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-grafana-alerting-signature", Timestamp: "header:x-grafana-alerting-timestamp"},
			Encoding: spec.Hex, Content: "{timestamp}:{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText, KeyMin: 8,
		}, {
			Name: "body", Kind: spec.HMAC, Hash: spec.SHA256, Weak: true,
			Family:   spec.Family{Signature: "header:x-grafana-alerting-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}, {
			Name: "bearer", Kind: spec.Token, Weak: true,
			Family: spec.Family{Signature: "header:authorization"},
			Mark:   "Bearer ",
			Key:    spec.KeyText, KeyMin: 8,
		}, {
			Name: "basic", Kind: spec.Basic, Weak: true,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyUser, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"text:alerts"},
			Action:  []string{"json:status"},
			Time:    []spec.TimeAt{{At: "json:alerts.0.startsAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:orgId"},
			Subject: []string{"json:groupKey"},
		},
		Identity: spec.Identity{
			None: true,
			Why:  "A group of alerts that goes on firing is sent again with the same body as a reminder, and has no id.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Alertmanager tries again while the alert lasts.", Time: "How far apart the tries are is not documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
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

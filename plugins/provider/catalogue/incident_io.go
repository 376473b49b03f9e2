package catalogue

import "webhookedge/plugins/provider/spec"

func incidentIoRow() spec.Provider {
	return throughSvix(svixDefault, spec.Provider{
		Name:  "incident-io",
		Title: "incident.io",
		Docs:  "https://docs.incident.io/integrations/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []spec.Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			FirstWins:  true,
			Layout:     spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}, v1a("webhook", "svix")},
		Facts: spec.Locators{
			Type:   []string{"json:event_type", "json:type"},
			Levels: spec.LevelsDot,
			ID:     []string{"header:webhook-id", "header:svix-id"},
			Time:   []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:created_at", Unit: spec.RFC3339}},
		},
		Pitfalls: []string{
			"The event stands under a field that has the event's name.",
		},
		Source: "Svix, list of ingest sources (SvixConfig); incident.io docs, Webhooks",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	})
}

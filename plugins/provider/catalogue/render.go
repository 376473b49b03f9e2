package catalogue

import "webhookedge/plugins/provider/spec"

func renderRow() spec.Provider {
	return throughSvix(svixDefault, spec.Provider{
		Name:  "render",
		Title: "Render",
		Docs:  "https://render.com/docs/webhooks",
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
			Type:    []string{"json:type"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.serviceId"},
			Subject: []string{"json:data.id"},
		},
		Source: "trigger.dev source catalogue; Svix, list of ingest sources",
		Unsure: []string{"retry schedule: Svix's, the sender may set another"},
	})
}

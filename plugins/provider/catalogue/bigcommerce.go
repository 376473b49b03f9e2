package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func bigcommerceRow() spec.Provider {
	return spec.Provider{
		Name:  "bigcommerce",
		Title: "BigCommerce",
		Docs:  "https://docs.bigcommerce.com/docs/integrations/webhooks/https-webhook-overview",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []spec.Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			FirstWins:  true,
			Layout:     spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText, KeyMin: 8,
		}, v1a("webhook", "svix")},
		Facts: spec.Locators{
			Type:    []string{"json:scope"},
			Levels:  spec.LevelsSlash,
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.Seconds}},
			Tenant:  []string{"json:producer"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 11, Span: 49 * time.Hour, Note: "Tries after 1, 3, 5, 10, 15 and 30 minutes and 1, 2, 6, 14 and 24 hours; then the webhook is deactivated.", Time: eachTryIsSigned},
		Cutoff:       spec.Cutoff{Span: 49 * time.Hour},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key is the app's client secret as it is shown: a Standard Webhooks library wants it in base64 first.",
			"A domain is blocked for 3 minutes when less than 90 % of its deliveries succeed.",
			"hash is equal for equal payloads: it is no id.",
		},
		Source: "BigCommerce docs repository, https-webhook-overview",
	}
}

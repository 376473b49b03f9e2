package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func bigcommerceRow() provider.Provider {
	return provider.Provider{
		Name:  "bigcommerce",
		Title: "BigCommerce",
		Docs:  "https://docs.bigcommerce.com/docs/integrations/webhooks/https-webhook-overview",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:     provider.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Alternates: []provider.Family{{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"}},
			Layout:     provider.Versions, Mark: "v1", Encoding: provider.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:scope"},
			ID:      []string{"header:webhook-id", "header:svix-id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.Seconds}},
			Tenant:  []string{"json:producer"},
			Subject: []string{"json:data.id"},
		},
		Identity: provider.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Max: 11, Span: 49 * time.Hour, Note: "Tries after 1, 3, 5, 10, 15 and 30 minutes and 1, 2, 6, 14 and 24 hours; then the webhook is deactivated."},
		Sends: []provider.Header{
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

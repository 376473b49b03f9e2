package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func mercadopagoRow() provider.Provider {
	return provider.Provider{
		Name:  "mercadopago",
		Title: "Mercado Pago",
		Docs:  "https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-signature", Timestamp: "pair:ts"},
			Layout: provider.Pairs, Mark: "v1", Encoding: provider.Hex, Content: "[id:{query:data.id|lower};][request-id:{header:x-request-id};]ts:{timestamp};",
			BodyUnsigned: true,
			TimeUnit:     provider.EitherUnit, ToleranceSeconds: 600,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:action"},
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:date_created", Unit: provider.RFC3339}},
			Tenant:  []string{"json:user_id"},
			Subject: []string{"json:data.id", "query:data.id"},
		},
		Identity: provider.Identity{
			Why: "id names the notification, in a body that the signature does not cover.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      22 * time.Second,
		Retry:        provider.Retry{Span: 96 * time.Hour, Note: "Every 15 minutes, then less and less often, for days."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature covers the data.id of the query, the request id and the time, and no body: fetch the resource.",
			"ts is in seconds or in milliseconds; both are taken.",
		},
		Source: "mercadopago/sdk-nodejs, src/utils/webhook",
		Unsure: []string{"time-out", "retry", "lower-casing of data.id", "tolerance"},
	}
}

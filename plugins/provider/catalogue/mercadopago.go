package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func mercadopagoRow() spec.Provider {
	return spec.Provider{
		Name:  "mercadopago",
		Title: "Mercado Pago",
		Docs:  "https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-signature", Timestamp: "pair:ts"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "[id:{query:data.id};][request-id:{header:x-request-id};]ts:{timestamp};",
			Variants:     []spec.Variant{{Content: "[id:{query:data.id|lower};][request-id:{header:x-request-id};]ts:{timestamp};"}},
			BodyUnsigned: true,
			TimeUnit:     spec.EitherUnit, ToleranceSeconds: 345600, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:action"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:date_created", Unit: spec.RFC3339}},
			Tenant:  []string{"json:user_id"},
			Subject: []string{"json:data.id", "query:data.id"},
		},
		Identity: spec.Identity{
			Why: "id names the notification, in a body that the signature does not cover.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      22 * time.Second,
		Retry:        spec.Retry{Span: 96 * time.Hour, Note: "Every 15 minutes, then less and less often, for days.", Time: "Mercado Pago checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; a second one is a duplicate by an id that nothing signs."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature covers the data.id of the query, the request id and the time, and no body: fetch the resource.",
			"ts is in seconds or in milliseconds; both are taken.",
		},
		Source: "mercadopago 3.6.1 for Node, src/utils/webhook and its tests (the id as it stands); Mercado Pago docs, Webhooks (in lower case)",
		Unsure: []string{"time-out", "retry", "which ids are signed in lower case", "tolerance"},
	}
}

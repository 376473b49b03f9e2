package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func linearRow() spec.Provider {
	return spec.Provider{
		Name:  "linear",
		Title: "Linear",
		Docs:  "https://linear.app/developers/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:linear-signature", Timestamp: "json:webhookTimestamp"},
			Encoding: spec.Hex, Content: "{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 60,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type", "header:linear-event"},
			Action:  []string{"json:action"},
			ID:      []string{"header:linear-delivery"},
			Time:    []spec.TimeAt{{At: "json:createdAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:organizationId"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Content: true, Volatile: []string{"webhookTimestamp"},
			Why: "The body holds createdAt in milliseconds and the object with its updatedAt; webhookTimestamp is the time of the try, and Linear-Delivery is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 3, Span: 426 * time.Minute, Note: "After 1 minute, 1 hour and 6 hours; an endpoint may be disabled.", Time: "Linear's own library refuses what is older than a minute."},
		Ranges: []spec.RangeList{{
			Name: "linear", URL: "https://linear.app/.well-known/appspecific/app.linear.ips.json", Format: spec.RangeJSON, Paths: []string{"ips"},
			Docs: "https://linear.app/developers/webhooks",
		}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "linear-delivery", Value: "{id}"},
			{Name: "linear-event", Value: "{event}"},
			{Name: "user-agent", Value: "Linear-Webhook"},
		},
		Pitfalls: []string{
			"The time stands in the signed body (webhookTimestamp).",
			"The header Linear-Delivery is not signed.",
		},
		Source: "linear/linear, packages/sdk webhook tests; NangoHQ/nango",
		Unsure: []string{"retry"},
	}
}

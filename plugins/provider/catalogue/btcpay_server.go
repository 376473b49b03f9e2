package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func btcpayServerRow() spec.Provider {
	return spec.Provider{
		Name:  "btcpay-server",
		Title: "BTCPay Server",
		Docs:  "https://docs.btcpayserver.org/API/Greenfield/v1/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:btcpay-sig"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:originalDeliveryId", "json:deliveryId"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:storeId"},
			Subject: []string{"json:invoiceId"},
		},
		Identity: spec.Identity{
			Volatile: []string{"deliveryId", "isRedelivery", "timestamp"},
			Why:      "originalDeliveryId, in the signed body, is that of the first try; deliveryId, isRedelivery and timestamp are those of the try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 8, Span: 61 * time.Minute, Note: "After 10 s, 1 minute and six times 10 minutes, where automatic redelivery is on."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Every server is somebody's own: the secret is made with the webhook of a store.",
			"An invoice names its state by its type alone: ask the API for the amount.",
		},
		Source: "btcpayserver/btcpayserver, Plugins/Webhooks/WebhookSender.cs; Greenfield API v1, WebhookEvent",
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func shoplineRow() spec.Provider {
	scheme := spec.Scheme{
		Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
		Family:   spec.Family{Signature: "header:x-shopline-hmac-sha256"},
		Encoding: spec.Base64, Content: "{body}",
		Key: spec.KeyText,
	}
	inHex := scheme
	inHex.Name, inHex.Encoding = "sha256-hex", spec.Hex
	return spec.Provider{
		Name:    "shopline",
		Title:   "SHOPLINE",
		Docs:    "https://developer.shopline.com/docs/apps/api-instructions-for-use/webhooks/overview/",
		Schemes: []spec.Scheme{scheme, inHex},
		Facts: spec.Locators{
			Type:    []string{"header:x-shopline-topic"},
			Split:   spec.SplitFirstSlash,
			ID:      []string{"header:x-shopline-webhook-id"},
			Time:    []spec.TimeAt{{At: "json:updated_at", Unit: spec.RFC3339}, {At: "json:created_at", Unit: spec.RFC3339}, {At: "json:timestamp", Unit: spec.Milliseconds}},
			Tenant:  []string{"header:x-shopline-shop-domain"},
			Subject: []string{"json:id", "json:subscription_id"},
		},
		Types: shoplineTypes(),
		Identity: spec.Identity{
			Why: "X-Shopline-Webhook-Id stays the same when a message is sent again (Webhooks, Request Headers) and is not signed, so that the digest of the body joins it.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 19, Span: 48 * time.Hour, Note: "From at once to 4 hours apart, where the answer is not 200 within 5 seconds; then the subscription may be removed."},
		Success:      spec.Answer{Status: 200},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-shopline-api-version", Value: "v20250601"},
			{Name: "x-shopline-merchant-id", Value: "2000000017"},
			{Name: "x-shopline-shop-domain", Value: "octo-corp.myshopline.com"},
			{Name: "x-shopline-shop-id", Value: "1610000000017"},
			{Name: "x-shopline-topic", Value: "{event}"},
			{Name: "x-shopline-webhook-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"The key is the app secret of the Developer Center.",
			"The signature covers neither topic, shop nor webhook id: they come from headers, and there is no timestamp.",
			"SHOPLINE's pages show the signature in base64 and its sample code writes hexadecimal digits: where deliveries have those, name the scheme sha256-hex.",
			"Stores of shoplineapp.com (SHOPLINE Open API) sign in the query, over JSON whose members are sorted: that is another product and not this row.",
		},
		Source: "SHOPLINE developer docs, Webhooks (headers with an example in base64, 5 s, 19 retries in 48 hours), Generate and verify signatures; hookdeck/webhook-skills, shopline-webhooks (both encodings)",
		Unsure: []string{"which of the two encodings a store uses"},
	}
}

// shoplineTypes are by members of another topic's resource: the topic is not signed.
func shoplineTypes() []spec.TypeRule {
	rules := []spec.TypeRule{
		{Type: "apps/installed_uninstalled", Has: []string{"appkey", "operate"}},
		{Type: "subscription/challenged", Has: []string{"subscription_id"}},
	}
	topics := func(resource string, lacks []string, actions ...string) {
		for _, action := range actions {
			rules = append(rules, spec.TypeRule{Type: resource + "/" + action, Has: []string{"id"}, Lacks: append([]string{"appkey", "subscription_id"}, lacks...)})
		}
	}
	topics("customers", []string{"line_items", "variants"}, "create", "update")
	topics("orders", []string{"variants", "orders_count"}, "create", "edited", "paid", "update")
	topics("products", []string{"line_items", "orders_count"}, "create", "update")
	return rules
}

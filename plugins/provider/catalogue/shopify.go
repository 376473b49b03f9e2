package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func shopifyRow() spec.Provider {
	return spec.Provider{
		Name:  "shopify",
		Title: "Shopify",
		Docs:  "https://shopify.dev/docs/apps/build/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "header:x-shopify-hmac-sha256"},
			Alternates: []spec.Family{{Signature: "header:shopify-hmac-sha256"}},
			FirstWins:  true, // both are the same value
			Layout:     spec.Single, Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText, KeyMin: 16,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:shopify-topic", "header:x-shopify-topic"},
			Action:  []string{"header:shopify-action"},
			Split:   spec.SplitFirstSlash,
			ID:      []string{"header:shopify-webhook-id", "header:x-shopify-webhook-id"},
			Time:    []spec.TimeAt{{At: "header:shopify-triggered-at", Unit: spec.RFC3339}, {At: "header:x-shopify-triggered-at", Unit: spec.RFC3339}},
			Tenant:  []string{"header:shopify-shop-domain", "header:x-shopify-shop-domain"},
			Subject: []string{"json:admin_graphql_api_id", "json:id", "header:shopify-resource-id"},
		},
		Types: shopifyTypes(),
		Identity: spec.Identity{
			Content: true,
			Why:     "The body is the resource with its updated_at; X-Shopify-Webhook-Id is not signed, and the topic belongs to the identity.",
		},
		ContentTypes: []string{"application/json", "text/xml"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 8, Span: 4 * time.Hour, Note: "After 8 failures in a row a subscription that was made through the API is deleted."},
		On429:        "As any other failure: sent again, and counted towards the failures that delete a subscription.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Shopify-Captain-Hook"},
			{Name: "x-shopify-api-version", Value: "2025-10"},
			{Name: "x-shopify-event-id", Value: "{id}"},
			{Name: "x-shopify-shop-domain", Value: "octo-corp.myshopify.com"},
			{Name: "x-shopify-topic", Value: "{event}"},
			{Name: "x-shopify-triggered-at", Value: "{time}"},
			{Name: "x-shopify-webhook-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"Webhooks made in the shop's admin are signed with another secret than those of an app.",
			"The compliance topics demand 401 for a wrong signature.",
			"Connecting may take 1 s, the whole delivery 5 s.",
			"The signature covers neither topic, shop nor webhook id: they come from headers, and there is no timestamp.",
			"X-Shopify-Event-Id is the same in deliveries of one event to several subscriptions, X-Shopify-Webhook-Id differs.",
		},
		Source: "Shopify docs, Deliver webhooks through HTTPS; shopify-app-js and shopify_api (Ruby) for both families of headers, of which the newer one counts where both are there; changelog of 2024-09-10 on retries",
	}
}

// shopifyTypes are by members that a topic never has: a subscription may name the
// fields that it wants (include_fields), so that none must be there. The compliance
// topics have all of theirs.
func shopifyTypes() []spec.TypeRule {
	var rules []spec.TypeRule
	topics := func(resource string, lacks []string, actions ...string) {
		for _, action := range actions {
			rules = append(rules, spec.TypeRule{Type: resource + "/" + action, Lacks: append([]string{"myshopify_domain", "orders_to_redact"}, lacks...)})
		}
	}
	topics("carts", []string{"variants", "financial_status"}, "create", "update")
	topics("checkouts", []string{"variants", "financial_status"}, "create", "update", "delete")
	topics("collections", []string{"line_items", "variants", "financial_status"}, "create", "update", "delete")
	topics("customers", []string{"line_items", "variants", "financial_status", "shop_id"}, "create", "update", "delete", "enable", "disable")
	topics("draft_orders", []string{"variants", "financial_status"}, "create", "update", "delete")
	topics("fulfillments", []string{"variants", "financial_status"}, "create", "update")
	topics("inventory_items", []string{"line_items", "variants", "financial_status"}, "create", "update", "delete")
	topics("inventory_levels", []string{"line_items", "variants", "financial_status"}, "connect", "update", "disconnect")
	topics("orders", []string{"variants", "shop_id"}, "create", "updated", "paid", "cancelled", "fulfilled", "partially_fulfilled")
	topics("orders", []string{"variants", "line_items", "financial_status"}, "delete")
	topics("products", []string{"line_items", "financial_status"}, "create", "update")
	topics("products", []string{"line_items", "variants", "financial_status"}, "delete")
	topics("refunds", []string{"variants", "financial_status"}, "create")
	shop := []string{"line_items", "variants", "financial_status", "shop_id"}
	return append(rules,
		spec.TypeRule{Type: "app/uninstalled", Lacks: shop},
		spec.TypeRule{Type: "customers/data_request", Has: []string{"shop_id", "customer", "data_request"}},
		spec.TypeRule{Type: "customers/redact", Has: []string{"shop_id", "customer", "orders_to_redact"}},
		spec.TypeRule{Type: "shop/redact", Has: []string{"shop_id", "shop_domain"}, Lacks: []string{"customer"}},
		spec.TypeRule{Type: "shop/update", Lacks: shop},
	)
}

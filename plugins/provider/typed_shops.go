package provider

// shopifyTypes are by members that a topic never has: a subscription may name the
// fields that it wants (include_fields), so that none must be there. The compliance
// topics have all of theirs.
func shopifyTypes() []TypeRule {
	var rules []TypeRule
	topics := func(resource string, lacks []string, actions ...string) {
		for _, action := range actions {
			rules = append(rules, TypeRule{Type: resource + "/" + action, Lacks: append([]string{"myshopify_domain", "orders_to_redact"}, lacks...)})
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
		TypeRule{Type: "app/uninstalled", Lacks: shop},
		TypeRule{Type: "customers/data_request", Has: []string{"shop_id", "customer", "data_request"}},
		TypeRule{Type: "customers/redact", Has: []string{"shop_id", "customer", "orders_to_redact"}},
		TypeRule{Type: "shop/redact", Has: []string{"shop_id", "shop_domain"}, Lacks: []string{"customer"}},
		TypeRule{Type: "shop/update", Lacks: shop},
	)
}

// woocommerceTypes are the resources of WooCommerce's REST API, of which a delivery
// holds one; of a deleted one it holds the id.
func woocommerceTypes() []TypeRule {
	var rules []TypeRule
	for _, of := range []TypeRule{
		{Type: "coupon", Has: []string{"code", "discount_type"}},
		{Type: "customer", Has: []string{"username"}, Lacks: []string{"line_items"}},
		{Type: "order", Has: []string{"status"}, Lacks: []string{"code", "name", "username"}},
		{Type: "product", Has: []string{"name", "sku"}, Lacks: []string{"line_items"}},
	} {
		for _, action := range []string{"created", "updated", "restored"} {
			rules = append(rules, TypeRule{Type: of.Type + "." + action, Has: of.Has, Lacks: of.Lacks})
		}
		rules = append(rules, TypeRule{Type: of.Type + ".deleted", Lacks: []string{"code", "line_items", "name", "username"}})
	}
	return rules
}

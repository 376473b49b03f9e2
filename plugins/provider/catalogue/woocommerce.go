package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func woocommerceRow() spec.Provider {
	return spec.Provider{
		Name:  "woocommerce",
		Title: "WooCommerce",
		Docs:  "https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-wc-webhook-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:x-wc-webhook-topic"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:date_modified_gmt", Unit: spec.DateTime}, {At: "json:date_created_gmt", Unit: spec.DateTime}},
			Tenant:  []string{"header:x-wc-webhook-source"},
			Subject: []string{"json:id"},
		},
		Types: woocommerceTypes(),
		Identity: spec.Identity{
			Content: true,
			Why:     "The body is the resource with the time of its last change: one body under one topic is one event, and each topic of a change has a delivery of its own.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "form:webhook_id", Without: "header:x-wc-webhook-signature", Unsigned: true}},
		Timeout:      60 * time.Second,
		Retry:        spec.Retry{Note: "No retry; more than five failures in a row disable the webhook."},
		Cutoff:       spec.Cutoff{Failures: 6},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "WooCommerce/9.8.5 Hookshot (WordPress/6.8.1)"},
			{Name: "x-wc-webhook-delivery-id", Value: "c0ffee00octo"},
			{Name: "x-wc-webhook-event", Value: "created"},
			{Name: "x-wc-webhook-id", Value: "17"},
			{Name: "x-wc-webhook-resource", Value: "order"},
			{Name: "x-wc-webhook-source", Value: "https://shop.octo-corp.example/"},
			{Name: "x-wc-webhook-topic", Value: "{event}"},
		},
		Pitfalls: []string{
			"X-WC-Webhook-Delivery-ID is a hash of webhook and second, so that two deliveries can share one: it is not used as the id.",
			"Saving a webhook sends an unsigned form with webhook_id alone, which must get 200.",
			"The topic stands in a header, which the signature does not cover.",
			"A secret with an HTML entity in it is decoded before it is used: keep to letters and digits.",
		},
		Source: "woocommerce/woocommerce, class-wc-webhook.php; real deliveries",
	}
}

// woocommerceTypes are the resources of WooCommerce's REST API, of which a delivery
// holds one; of a deleted one it holds the id.
func woocommerceTypes() []spec.TypeRule {
	var rules []spec.TypeRule
	for _, of := range []spec.TypeRule{
		{Type: "coupon", Has: []string{"code", "discount_type"}},
		{Type: "customer", Has: []string{"username"}, Lacks: []string{"line_items"}},
		{Type: "order", Has: []string{"status"}, Lacks: []string{"code", "name", "username"}},
		{Type: "product", Has: []string{"name", "sku"}, Lacks: []string{"line_items"}},
	} {
		for _, action := range []string{"created", "updated", "restored"} {
			rules = append(rules, spec.TypeRule{Type: of.Type + "." + action, Has: of.Has, Lacks: of.Lacks})
		}
		rules = append(rules, spec.TypeRule{Type: of.Type + ".deleted", Lacks: []string{"code", "line_items", "name", "username"}})
	}
	return rules
}

package provider

import "time"

func shopify() Provider {
	return Provider{
		Name:  "shopify",
		Title: "Shopify",
		Docs:  "https://shopify.dev/docs/apps/build/webhooks",
		Schemes: []Scheme{{
			Name: "sha256", Kind: HMAC, Hash: SHA256,
			Family:     Family{Signature: "header:x-shopify-hmac-sha256"},
			Alternates: []Family{{Signature: "header:shopify-hmac-sha256"}},
			Layout:     Single, Encoding: Base64, Content: "{body}",
			Key: KeyText, KeyMin: 16,
		}},
		Facts: Locators{
			Type:    []string{"header:x-shopify-topic", "header:shopify-topic"},
			Action:  []string{"header:shopify-action"},
			Split:   SplitFirstSlash,
			ID:      []string{"header:x-shopify-webhook-id", "header:shopify-webhook-id"},
			Time:    []TimeAt{{"header:x-shopify-triggered-at", RFC3339}, {"header:shopify-triggered-at", RFC3339}},
			Tenant:  []string{"header:x-shopify-shop-domain", "header:shopify-shop-domain"},
			Subject: []string{"json:admin_graphql_api_id", "json:id", "header:shopify-resource-id"},
		},
		Types: shopifyTypes(),
		Identity: Identity{
			Content: true,
			Why:     "The body is the resource with its updated_at; X-Shopify-Webhook-Id is not signed, and the topic belongs to the identity.",
		},
		ContentTypes: []string{"application/json", "text/xml"},
		Timeout:      5 * time.Second,
		Retry:        Retry{Max: 8, Span: 4 * time.Hour, Note: "After 8 failures in a row a subscription that was made through the API is deleted."},
		On429:        "As any other failure: sent again, and counted towards the failures that delete a subscription.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Shopify-Captain-Hook"},
			{"x-shopify-api-version", "2025-10"},
			{"x-shopify-event-id", "{id}"},
			{"x-shopify-shop-domain", "octo-corp.myshopify.com"},
			{"x-shopify-topic", "{event}"},
			{"x-shopify-triggered-at", "{time}"},
			{"x-shopify-webhook-id", "{id}"},
		},
		Pitfalls: []string{
			"Webhooks made in the shop's admin are signed with another secret than those of an app.",
			"The compliance topics demand 401 for a wrong signature.",
			"Connecting may take 1 s, the whole delivery 5 s.",
			"The signature covers neither topic, shop nor webhook id: they come from headers, and there is no timestamp.",
			"X-Shopify-Event-Id is the same in deliveries of one event to several subscriptions, X-Shopify-Webhook-Id differs.",
		},
		Source: "Shopify docs, Deliver webhooks through HTTPS; shopify-app-js and shopify_api (Ruby) for both families of headers; changelog of 2024-09-10 on retries",
	}
}

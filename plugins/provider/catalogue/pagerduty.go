package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func pagerdutyRow() provider.Provider {
	return provider.Provider{
		Name:  "pagerduty",
		Title: "PagerDuty",
		Docs:  "https://developer.pagerduty.com/docs/webhooks/webhook-signatures/",
		Schemes: []provider.Scheme{{
			Name: "v1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-pagerduty-signature"},
			Layout: provider.Pairs, Mark: "v1", Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event.event_type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:event.id"},
			Time:    []provider.TimeAt{{At: "json:event.occurred_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:event.data.service.id"},
			Subject: []string{"json:event.data.id"},
		},
		Identity: provider.Identity{
			Why: "event.id names the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        provider.Retry{Span: 48 * time.Hour, Note: "A 5xx, 429 or time-out is tried again for up to 48 h, and later events wait behind it; any other 4xx drops the event at once, and three drops in a row disable the subscription for 24 h."},
		On429:        "Tried again, later events wait behind it.",
		Ranges:       []provider.RangeList{pagerdutyRegion("us"), pagerdutyRegion("eu")},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "PagerDuty-Webhook/V3.0"},
			{Name: "x-webhook-id", Value: "octo-subscription"},
		},
		Pitfalls: []string{
			"The secret looks like base64 and is used as it is shown.",
			"X-Webhook-Id names the subscription, not the delivery.",
		},
		Source: "PagerDuty developer docs, Webhook signatures and Behavior; go-pagerduty webhookv3 tests (recomputed)",
	}
}

// pagerdutyRegion is PagerDuty's list for the webhooks of one service region.
func pagerdutyRegion(region string) provider.RangeList {
	return provider.RangeList{
		Name: "pagerduty-" + region, URL: "https://developer.pagerduty.com/ip-safelists/webhooks-" + region + "-service-region-json",
		Format: provider.RangeJSON, Paths: []string{"*"}, Docs: "https://developer.pagerduty.com/docs/webhook-ips",
	}
}

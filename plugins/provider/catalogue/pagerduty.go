package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func pagerdutyRow() spec.Provider {
	return spec.Provider{
		Name:  "pagerduty",
		Title: "PagerDuty",
		Docs:  "https://developer.pagerduty.com/docs/webhooks/webhook-signatures/",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-pagerduty-signature"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.event_type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:event.id"},
			Time:    []spec.TimeAt{{At: "json:event.occurred_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:event.data.service.id"},
			Subject: []string{"json:event.data.id"},
		},
		Identity: spec.Identity{
			Why: "event.id names the event, in the signed body, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Span: 48 * time.Hour, Note: "A 5xx, 429 or time-out is tried again for up to 48 h, and later events wait behind it; any other 4xx drops the event at once, and three drops in a row disable the subscription for 24 h."},
		Cutoff:       spec.Cutoff{Failures: 3},
		On429:        "Tried again, later events wait behind it.",
		Ranges:       []spec.RangeList{pagerdutyRegion("us"), pagerdutyRegion("eu")},
		Sends: []spec.Header{
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
func pagerdutyRegion(region string) spec.RangeList {
	return spec.RangeList{
		Name: "pagerduty-" + region, URL: "https://developer.pagerduty.com/ip-safelists/webhooks-" + region + "-service-region-json",
		Format: spec.RangeJSON, Paths: []string{"*"}, Docs: "https://developer.pagerduty.com/docs/webhook-ips",
	}
}

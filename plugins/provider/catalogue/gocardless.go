package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func gocardlessRow() provider.Provider {
	return provider.Provider{
		Name:  "gocardless",
		Title: "GoCardless",
		Docs:  "https://developer.gocardless.com/getting-started/api/staying-up-to-date-with-webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:webhook-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{},
		Batch: &provider.Batch{At: "events", Facts: provider.Locators{
			Type:    []string{"json:resource_type"},
			Action:  []string{"json:action"},
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:links.organisation"},
			Subject: []string{"json:links.payment", "json:links.mandate", "json:links.subscription", "json:links.payout", "json:links.refund"},
		}},
		Identity: provider.Identity{
			Why: "id (EV...) of an event is unique at GoCardless, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Status:       map[string]int{"signature_invalid": 498},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Max: 8, Note: "With growing pauses."},
		Ranges:       []provider.RangeList{{Name: "gocardless", Docs: "https://developer.gocardless.com/api-reference/#overview-approved-ip-addresses"}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "gocardless-webhook-service/1.1"},
		},
		Pitfalls: []string{
			"A delivery holds up to 250 events.",
			"498 is the answer GoCardless asks for where the signature is wrong.",
		},
		Source: "gocardless-pro-python, webhooks.py and its tests (recomputed)",
		Unsure: []string{"retry", "time-out"},
	}
}

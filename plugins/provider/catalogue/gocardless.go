package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func gocardlessRow() spec.Provider {
	return spec.Provider{
		Name:  "gocardless",
		Title: "GoCardless",
		Docs:  "https://developer.gocardless.com/getting-started/api/staying-up-to-date-with-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:webhook-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{At: "events", Facts: spec.Locators{
			Type:    []string{"json:resource_type"},
			Action:  []string{"json:action"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:links.organisation"},
			Subject: []string{"json:links.payment", "json:links.mandate", "json:links.subscription", "json:links.payout", "json:links.refund"},
		}},
		Identity: spec.Identity{
			Why: "id (EV...) of an event is unique at GoCardless, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Status:       map[string]int{"signature_invalid": 498},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 8, Note: "With growing pauses."},
		Ranges:       []spec.RangeList{{Name: "gocardless", Docs: "https://developer.gocardless.com/api-reference/#overview-approved-ip-addresses"}},
		Sends: []spec.Header{
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

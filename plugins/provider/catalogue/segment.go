package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func segmentRow() provider.Provider {
	return provider.Provider{
		Name:  "segment",
		Title: "Twilio Segment",
		Docs:  "https://segment.com/docs/connections/destinations/catalog/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha1", Kind: provider.HMAC, Hash: provider.SHA1,
			Family:   provider.Family{Signature: "header:x-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:event"},
			ID:      []string{"json:messageId"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.RFC3339}, {At: "json:originalTimestamp", Unit: provider.RFC3339}},
			Tenant:  []string{"json:projectId"},
			Subject: []string{"json:userId", "json:anonymousId"},
		},
		Batch: &provider.Batch{Facts: provider.Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:event"},
			ID:      []string{"json:messageId"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.RFC3339}, {At: "json:originalTimestamp", Unit: provider.RFC3339}},
			Tenant:  []string{"json:projectId"},
			Subject: []string{"json:userId", "json:anonymousId"},
		}},
		Identity: provider.Identity{
			Scope: provider.ScopeTenant,
			Why:   "messageId is made by the sending library, and unique in its source.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        provider.Retry{Span: 4 * time.Hour, Note: "After a 5xx or a time-out."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"HMAC with SHA-1 is all that is offered.",
			"With batching switched on only the first event of the list is signed: such deliveries are refused, so leave batching off.",
		},
		Source: "segment-docs repository, webhooks",
	}
}

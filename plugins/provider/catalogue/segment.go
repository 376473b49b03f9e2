package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func segmentRow() spec.Provider {
	return spec.Provider{
		Name:  "segment",
		Title: "Twilio Segment",
		Docs:  "https://segment.com/docs/connections/destinations/catalog/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "header:x-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:event"},
			ID:      []string{"json:messageId"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:originalTimestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:projectId"},
			Subject: []string{"json:userId", "json:anonymousId"},
		},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:event"},
			ID:      []string{"json:messageId"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}, {At: "json:originalTimestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:projectId"},
			Subject: []string{"json:userId", "json:anonymousId"},
		}},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "messageId is made by the sending library, and unique in its source.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Span: 4 * time.Hour, Note: "After a 5xx or a time-out."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Sends: []spec.Header{
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

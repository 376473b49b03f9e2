package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func oktaRow() provider.Provider {
	return provider.Provider{
		Name:  "okta",
		Title: "Okta event hooks",
		Docs:  "https://developer.okta.com/docs/concepts/event-hooks/",
		Schemes: []provider.Scheme{{
			Name: "token", Kind: provider.Token,
			Family: provider.Family{Signature: "header:authorization"},
			Key:    provider.KeyText,
		}},
		Facts: provider.Locators{
			ID:     []string{"json:eventId"},
			Time:   []provider.TimeAt{{At: "json:eventTime", Unit: provider.RFC3339}},
			Tenant: []string{"json:source"},
		},
		Batch: &provider.Batch{At: "data.events", Facts: provider.Locators{
			Type:    []string{"json:eventType"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:uuid"},
			Time:    []provider.TimeAt{{At: "json:published", Unit: provider.RFC3339}},
			Subject: []string{"json:target.0.id"},
		}},
		Identity: provider.Identity{
			Why: "uuid names each event of Okta's log.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "GET", When: "header:x-okta-verification-challenge", Challenge: "header:x-okta-verification-challenge", Answer: provider.Answer{ContentType: "application/json", Body: `{"verification":{challenge|json}}`}, Unsigned: true}},
		Timeout:      3 * time.Second,
		Retry:        provider.Retry{Max: 1, Note: "After a 5xx or a time-out; a 4xx loses the event for good."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would lose the event for good; a 503 is tried once more.",
		Ranges: []provider.RangeList{{
			Name: "okta", URL: "https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json", Format: provider.RangeJSON,
			Paths: []string{"*.ip_ranges"}, Docs: "https://help.okta.com/en-us/content/topics/security/ip-address-allow-listing.htm",
		}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The token is the value of the header Authorization as configured.",
			"A 4xx loses the event for good.",
			"Events may come twice and in any order; eventType of the envelope is always com.okta.event_hook.",
			"Nothing but the token proves the sender: whoever reads one delivery can forge others.",
		},
		Source: "okta-developer-docs repository, concepts/event-hooks",
	}
}

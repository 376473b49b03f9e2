package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func oktaRow() spec.Provider {
	return spec.Provider{
		Name:  "okta",
		Title: "Okta event hooks",
		Docs:  "https://developer.okta.com/docs/concepts/event-hooks/",
		Schemes: []spec.Scheme{{
			Name: "token", Kind: spec.Token,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{
			ID:     []string{"json:eventId"},
			Time:   []spec.TimeAt{{At: "json:eventTime", Unit: spec.RFC3339}},
			Tenant: []string{"json:source"},
		},
		Batch: &spec.Batch{At: "data.events", Facts: spec.Locators{
			Type:    []string{"json:eventType"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:uuid"},
			Time:    []spec.TimeAt{{At: "json:published", Unit: spec.RFC3339}},
			Subject: []string{"json:target.0.id"},
		}},
		Identity: spec.Identity{
			Why: "uuid names each event of Okta's log.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "header:x-okta-verification-challenge", Challenge: "header:x-okta-verification-challenge", Answer: spec.Answer{ContentType: "application/json", Body: `{"verification":{challenge|json}}`}, Unsigned: true}},
		Timeout:      3 * time.Second,
		Retry:        spec.Retry{Max: 1, Note: "After a 5xx or a time-out; a 4xx loses the event for good."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would lose the event for good; a 503 is tried once more.",
		Ranges: []spec.RangeList{{
			Name: "okta", URL: "https://s3.amazonaws.com/okta-ip-ranges/ip_ranges.json", Format: spec.RangeJSON,
			Paths: []string{"*.ip_ranges"}, Docs: "https://help.okta.com/en-us/content/topics/security/ip-address-allow-listing.htm",
		}},
		Sends: []spec.Header{
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

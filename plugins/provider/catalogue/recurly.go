package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func recurlyRow() spec.Provider {
	return spec.Provider{
		Name:  "recurly",
		Title: "Recurly",
		Docs:  "https://recurly.com/developers/reference/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:recurly-signature", Timestamp: "pair:0"},
			Layout: spec.List, Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:object_type"},
			Action:  []string{"json:event_type"},
			Time:    []spec.TimeAt{{At: "json:event_time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:site_id"},
			Subject: []string{"json:uuid", "json:id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time of the event with the object and what happened to it.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 10, Span: 73 * time.Hour, Note: "10 + n * 2^(n+5) seconds after the n-th, from 0.", Time: "Recurly's docs refuse what is older than 5 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The header is a list: the time first, then one signature a key.",
			"The older XML notifications are not signed.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "trigger.dev source catalogue; Recurly docs, Webhook signatures and Automatic retries",
		Unsure: []string{"tolerance"},
	}
}

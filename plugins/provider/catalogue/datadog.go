package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func datadogRow() spec.Provider {
	return spec.Provider{
		Name:  "datadog",
		Title: "Datadog webhooks integration",
		Docs:  "https://docs.datadoghq.com/integrations/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "token", Kind: spec.Token,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			Action:  []string{"json:alert_transition"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:date", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:org.id"},
			Subject: []string{"json:alert_id"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "id is the $ID of the event, unique in the organization.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Max: 5, Note: "After a 5xx."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Ranges: []spec.RangeList{{
			Name: "datadog", URL: "https://ip-ranges.datadoghq.com/", Format: spec.RangeJSON,
			Paths: []string{"webhooks.prefixes_ipv4", "webhooks.prefixes_ipv6"}, Docs: "https://docs.datadoghq.com/api/latest/ip-ranges/",
		}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Headers and body are templates of yours: give the webhook the custom header authorization, and a body with event_type ($EVENT_TYPE), id ($ID), date ($DATE), alert_id ($ALERT_ID) and org.id ($ORG_ID).",
			"There is no signature: the token travels in every delivery.",
		},
		Source: "Datadog docs, Webhooks integration; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

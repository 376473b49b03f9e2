package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func quickbooksRow() spec.Provider {
	return spec.Provider{
		Name:  "quickbooks",
		Title: "Intuit QuickBooks Online",
		Docs:  "https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:intuit-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:0.type"},
			Time:    []spec.TimeAt{{At: "json:0.time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:0.intuitaccountid"},
			Subject: []string{"json:0.intuitentityid"},
		},
		Batch: &spec.Batch{Also: []string{"eventNotifications"}, Within: []spec.Level{{Lists: []string{"dataChangeEvent.entities"}}}, Facts: spec.Locators{
			Type:    []string{"json:type", "json:dataChangeEvent.entities.0.name"},
			Action:  []string{"json:dataChangeEvent.entities.0.operation"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:time", Unit: spec.RFC3339}, {At: "json:dataChangeEvent.entities.0.lastUpdated", Unit: spec.DateTime}},
			Tenant:  []string{"json:intuitaccountid", "json:realmId"},
			Subject: []string{"json:intuitentityid", "json:dataChangeEvent.entities.0.id"},
		}},
		Identity: spec.Identity{
			Why: "A CloudEvent of Intuit has a UUID, in the signed body; an entity of the older form has none and holds its time, so that what was signed is its identity.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      3 * time.Second,
		Retry:        spec.Retry{Note: "After 20, 30 and 50 minutes, then the endpoint is blocked."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the app's verifier token.",
			"Deliveries move to a list of CloudEvents in 2026; the older form has no id.",
			"A delivery may hold several companies and entities, each of which becomes an event of its own.",
		},
		Source: "Intuit developer docs, Webhooks, as implemented by client libraries (header, hash, key)",
		Unsure: []string{"retry", "field names of the CloudEvents form"},
	}
}

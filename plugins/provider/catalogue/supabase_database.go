package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func supabaseDatabaseRow() spec.Provider {
	return spec.Provider{
		Name:  "supabase-database",
		Title: "Supabase Database Webhooks",
		Docs:  "https://supabase.com/docs/guides/database/webhooks",
		Schemes: []spec.Scheme{{
			Name: "token", Kind: spec.Token,
			Family: spec.Family{Signature: "header:authorization"},
			Mark:   "Bearer ",
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:table"},
			Action:  []string{"json:type"},
			Tenant:  []string{"json:schema"},
			Subject: []string{"json:record.id", "json:old_record.id"},
		},
		Identity: spec.Identity{
			None: true,
			Why:  "A delivery has neither an id nor a time of its own, and two changes of a row can be alike.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Note: "No retry: pg_net asks once, and a failed delivery is lost."},
		On429:        "Lost.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: whoever reads one delivery can forge others.",
			"Add the header Authorization with the value Bearer and the secret to the webhook's HTTP headers.",
			"The default time-out is short, 1 s to 5 s, and a delivery that fails is not sent again.",
			"Auth hooks are another provider, supabase.",
		},
		Source: "@trigger.dev/core 4.8.3, v3/webhooks/index.js; Supabase docs, Database Webhooks",
		Unsure: []string{"time-out: a setting of the webhook"},
	}
}

package catalogue

import "webhookedge/plugins/provider"

func auth0Row() provider.Provider {
	return provider.Provider{
		Name:  "auth0",
		Title: "Auth0 log streams",
		Docs:  "https://auth0.com/docs/customize/log-streams/custom-log-streams",
		Schemes: []provider.Scheme{{
			Name: "token", Kind: provider.Token,
			Family: provider.Family{Signature: "header:authorization"},
			Key:    provider.KeyText,
		}},
		Facts: provider.Locators{},
		Batch: &provider.Batch{Facts: provider.Locators{
			Type:    []string{"json:data.type"},
			ID:      []string{"json:log_id"},
			Time:    []provider.TimeAt{{At: "json:data.date", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.tenant_name"},
			Subject: []string{"json:data.client_id"},
		}},
		Identity: provider.Identity{
			Scope: provider.ScopeTenant,
			Why:   "log_id is unique in the tenant whose log it is.",
		},
		ContentTypes: []string{"application/json", "application/x-ndjson"},
		Retry:        provider.Retry{Max: 3, Note: "Backs off; a stream that keeps failing is paused."},
		Ranges: []provider.RangeList{{
			Name: "auth0", URL: "https://cdn.auth0.com/ip-ranges.json", Format: provider.RangeJSON, Paths: []string{"regions.*.ipv4_cidrs"},
			Docs: "https://auth0.com/docs/secure/security-guidance/data-security/allowlist",
		}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The token is the value of the Authorization header as configured, a word like Bearer included.",
			"type is a short code (s, fp, ...) of Auth0's log events.",
			"Nothing but the token proves the sender: whoever reads one delivery can forge others.",
		},
		Source: "trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}

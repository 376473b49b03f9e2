package catalogue

import "webhookedge/plugins/provider/spec"

func auth0Row() spec.Provider {
	return spec.Provider{
		Name:  "auth0",
		Title: "Auth0 log streams",
		Docs:  "https://auth0.com/docs/customize/log-streams/custom-log-streams",
		Schemes: []spec.Scheme{{
			Name: "token", Kind: spec.Token,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:data.type"},
			ID:      []string{"json:log_id"},
			Time:    []spec.TimeAt{{At: "json:data.date", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.tenant_name"},
			Subject: []string{"json:data.client_id"},
		}},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "log_id is unique in the tenant whose log it is.",
		},
		ContentTypes: []string{"application/json", "application/x-ndjson"},
		Retry:        spec.Retry{Max: 3, Note: "Backs off; a stream that keeps failing is paused."},
		Ranges: []spec.RangeList{{
			Name: "auth0", URL: "https://cdn.auth0.com/ip-ranges.json", Format: spec.RangeJSON, Paths: []string{"regions.*.ipv4_cidrs"},
			Docs: "https://auth0.com/docs/secure/security-guidance/data-security/allowlist",
		}},
		Sends: []spec.Header{
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

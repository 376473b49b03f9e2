package catalogue

import "webhookedge/plugins/provider/spec"

func atlassianConnectRow() spec.Provider {
	jira := jiraRow() // whose payloads are the same
	return spec.Provider{
		Name:  "atlassian-connect",
		Title: "Atlassian Connect",
		Docs:  "https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family:       spec.Family{Signature: "header:authorization"},
			Mark:         "JWT ",
			BodyUnsigned: true,
			Binds:        []spec.Bind{{At: "claim:qsh", Content: "{qsh:base_path|sha256|hex}"}},
			Key:          spec.KeyText,
			JWT:          spec.JWT{Algorithms: []spec.Algorithm{spec.HS256}, Issuers: []string{"{setting:client_key}"}, NeedExpiry: true},
		}},
		Settings: []spec.Setting{{
			Name: "client_key", Doc: "clientKey of the installation: the site whose events these are.",
			Example: "11c33d8b-04bf-3cbf-8ae5-octo00000001",
		}, {
			Name: "base_path", Doc: "The path of baseUrl in the app's descriptor, where it has one: the hash covers what is behind it.",
			Optional: true, Example: "/connect",
		}},
		Facts:        jira.Facts,
		Identity:     spec.Identity{Scope: spec.ScopeRoute, Why: "X-Atlassian-Webhook-Identifier is the same when a webhook is sent again; nothing signs it, and a route is for one site."},
		ContentTypes: jira.ContentTypes,
		Retry:        jira.Retry,
		On429:        jira.On429,
		Sends:        jira.Sends,
		Pitfalls: []string{
			"The token covers the method, the path and the query, and says nothing of the body: it proves that the site calls this URL. Every fact of the event is unsigned.",
			"The secret is the sharedSecret of the installation, which is another for each site and each new installation: a route and a client_key for each.",
			"installed and uninstalled are signed with Atlassian's own key (RS256) and hand the secret over: let the app take them, not the edge.",
			"A token of an iframe has the qsh context-qsh, and is refused.",
		},
		Source: "atlassian-jwt 2.0.3, dist/lib/jwt.js; Atlassian docs, Understanding JWT for Connect apps",
		Unsure: []string{"retry: as for Jira's other webhooks"},
	}
}

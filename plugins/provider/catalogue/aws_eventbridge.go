package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func awsEventbridgeRow() spec.Provider {
	return spec.Provider{
		Name:  "aws-eventbridge",
		Title: "AWS EventBridge API destinations",
		Docs:  "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html",
		Schemes: []spec.Scheme{{
			Name: "api-key", Kind: spec.Token,
			Family: spec.Family{Signature: "header:x-api-key"},
			Key:    spec.KeyText,
		}, {
			Name: "basic", Kind: spec.Basic,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyUser,
		}, {
			Name: "oauth", Kind: spec.JSONToken,
			Family:       spec.Family{Signature: "header:authorization"},
			Mark:         "Bearer ",
			BodyUnsigned: true,
			Key:          spec.KeyJWKS,
			JWT: spec.JWT{
				Algorithms: []spec.Algorithm{spec.RS256, spec.RS384, spec.RS512, spec.PS256, spec.ES256, spec.ES384},
				Issuers:    []string{"{setting:issuer}"}, Audience: "{setting:audience}", NeedExpiry: true,
			},
			Remote: &spec.Remote{URL: "{setting:jwks_uri}", Hosts: []string{"{setting:jwks_uri}"}, Form: spec.KeyJWKS},
		}},
		Settings: []spec.Setting{{
			Name: "issuer", Doc: "For oauth: iss of the tokens of the connection's authorization server, which is yours or another's, never AWS's.",
			Example: "https://sso.octo-corp.example",
		}, {
			Name: "audience", Doc: "For oauth: aud that the authorization server gives to tokens for this endpoint.",
			Example: "https://hooks.octo-corp.example/aws-eventbridge",
		}, {
			Name: "jwks_uri", Doc: "For oauth: the https URL of the authorization server's keys.",
			Example: "https://sso.octo-corp.example/jwks",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:detail-type"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:account"},
			Subject: []string{"json:resources.0"},
		},
		Identity: spec.Identity{
			Why: "EventBridge makes the id of each event, and tries again with the same.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 185, Span: 24 * time.Hour, Note: "By default, then the dead-letter queue."},
		On429:        "Tried again.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"EventBridge signs nothing: a connection shows an API key, a password, or an access token that it got with client credentials. None says anything of the body.",
			"Name the API key of the connection x-api-key.",
			"An input transformer changes the body: leave the event whole, or its id and type are gone.",
			"After a 401 EventBridge gets a new token, so a rule with oauth needs retries.",
		},
		Source: "AWS docs, Authorization methods for connections, API destinations as targets; re:Post, API destination target failure (time-out, retries)",
		Unsure: []string{"status codes that are tried again"},
	}
}

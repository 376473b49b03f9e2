package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func plaidRow() provider.Provider {
	return provider.Provider{
		Name:  "plaid",
		Title: "Plaid",
		Docs:  "https://plaid.com/docs/api/webhooks/webhook-verification/",
		Schemes: []provider.Scheme{{
			Name: "jwt", Kind: provider.JSONToken,
			Family:   provider.Family{Signature: "header:plaid-verification", Timestamp: "claim:iat"},
			Binds:    []provider.Bind{{At: "claim:request_body_sha256", Content: "{body|sha256|hex}"}},
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyJWKS,
			JWT: provider.JWT{Algorithms: []provider.Algorithm{provider.ES256}},
		}},
		Facts: provider.Locators{
			Type:    []string{"json:webhook_type"},
			Action:  []string{"json:webhook_code"},
			Tenant:  []string{"json:environment"},
			Subject: []string{"json:item_id"},
		},
		Identity: provider.Identity{
			None: true,
			Why:  "Webhooks name an item whose data changed and have neither an id nor a time: the next change has the same body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Max: 6, Span: 24 * time.Hour, Note: "Four times as far apart each time; they stop where more than 90 % are refused within a day."},
		Ranges:       []provider.RangeList{{Name: "plaid", Docs: "https://plaid.com/docs/api/webhooks/"}},
		On429:        "Tried again, after Retry-After where that is below 4 h.",
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is answered by /webhook_verification_key/get under the kid of the token, which needs client id and secret: fetch it, and configure it as a JWK or a set of them.",
			"A new kid comes up when Plaid rotates keys: deliveries under an unknown one are refused.",
			"The hash covers the body as it was sent, indentation included.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "trigger.dev source catalogue; Plaid docs, Webhook verification",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func plaidRow() spec.Provider {
	return spec.Provider{
		Name:  "plaid",
		Title: "Plaid",
		Docs:  "https://plaid.com/docs/api/webhooks/webhook-verification/",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family:   spec.Family{Signature: "header:plaid-verification", Timestamp: "claim:iat"},
			Binds:    []spec.Bind{{At: "claim:request_body_sha256", Content: "{body|sha256|hex}"}},
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyJWKS,
			JWT: spec.JWT{Algorithms: []spec.Algorithm{spec.ES256}},
		}},
		Facts: spec.Locators{
			Type:    []string{"json:webhook_type"},
			Action:  []string{"json:webhook_code"},
			Tenant:  []string{"json:environment"},
			Subject: []string{"json:item_id"},
		},
		Identity: spec.Identity{
			None: true,
			Why:  "Webhooks name an item whose data changed and have neither an id nor a time: the next change has the same body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 6, Span: 24 * time.Hour, Note: "Four times as far apart each time; they stop where more than 90 % are refused within a day.", Time: "Plaid's docs refuse a token that is older than 5 minutes."},
		Ranges:       []spec.RangeList{{Name: "plaid", Docs: "https://plaid.com/docs/api/webhooks/"}},
		On429:        "Tried again, after Retry-After where that is below 4 h.",
		Sends: []spec.Header{
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

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func vonageRow() spec.Provider {
	return spec.Provider{
		Name:  "vonage",
		Title: "Vonage",
		Docs:  "https://developer.vonage.com/en/getting-started/concepts/webhooks",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family:   spec.Family{Signature: "header:authorization", Timestamp: "claim:iat"},
			Mark:     "Bearer ",
			Binds:    []spec.Bind{{At: "claim:payload_hash", Content: "{body|sha256|hex}"}},
			TimeUnit: spec.Seconds, ToleranceSeconds: 86400, AheadSeconds: 300,
			Key: spec.KeyText,
			JWT: spec.JWT{Algorithms: []spec.Algorithm{spec.HS256}, Issuers: []string{"Vonage"}},
		}},
		Facts: spec.Locators{
			Type:    []string{"json:status", "json:message_type", "json:type"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:api_key", "json:application_id"},
			Subject: []string{"json:message_uuid", "json:uuid"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body, whose hash is signed, holds the message, its status and the time.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour, Time: "Vonage checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the account's signature secret, and the algorithm HS256 only.",
			"Statuses of one message share its message_uuid, so the id is made of the body.",
		},
		Source: "vonage-node-sdk, packages/jwt; Vonage docs, Webhooks: Decoding signed webhooks",
		Unsure: []string{"retry", "tolerance: 5 minutes are customary"},
	}
}

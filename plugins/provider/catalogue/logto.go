package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func logtoRow() spec.Provider {
	return spec.Provider{
		Name:  "logto",
		Title: "Logto",
		Docs:  "https://docs.logto.io/developers/webhooks/secure-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:logto-signature-sha-256"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:createdAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:hookId"},
			Subject: []string{"json:userId", "json:data.id"},
		},
		Identity: spec.Identity{
			Why: "There is no id of the delivery: the body holds the hook, the event and its time in milliseconds.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 3, Note: "After a 5xx or a time-out."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Logto (https://logto.io/)"},
		},
		Pitfalls: []string{
			"The signing key is made with the webhook.",
			"Several events of one user's sign-in come one by one.",
		},
		Source: "Logto docs, Secure webhooks; logto-io/logto, packages/core/src/libraries/hook",
	}
}

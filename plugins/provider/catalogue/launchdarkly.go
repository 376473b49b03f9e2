package catalogue

import "webhookedge/plugins/provider/spec"

func launchdarklyRow() spec.Provider {
	return spec.Provider{
		Name:  "launchdarkly",
		Title: "LaunchDarkly",
		Docs:  "https://launchdarkly.com/docs/home/infrastructure/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-ld-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:kind"},
			Action:  []string{"json:accesses.0.action"},
			ID:      []string{"json:_id"},
			Time:    []spec.TimeAt{{At: "json:date", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:_accountId"},
			Subject: []string{"json:target.resources.0"},
		},
		Identity: spec.Identity{
			Why: "_id is that of the entry of the audit log, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Deliveries may come out of order: the date tells which came first.",
			"A webhook without a secret is not signed, and is refused.",
		},
		Source: "LaunchDarkly docs, Webhooks (Signing the webhook); getsentry/sentry, flags/providers.py",
		Unsure: []string{"retry"},
	}
}

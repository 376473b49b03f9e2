package catalogue

import "webhookedge/plugins/provider/spec"

func crispRow() spec.Provider {
	return spec.Provider{
		Name:  "crisp",
		Title: "Crisp",
		Docs:  "https://docs.crisp.chat/references/web-hooks/v1",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-crisp-signature", Timestamp: "header:x-crisp-request-timestamp"},
			Encoding: spec.Hex, Content: "{[}{timestamp};{body}{]}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastColon,
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:website_id"},
			Subject: []string{"json:data.session_id"},
		},
		Identity: spec.Identity{
			Why: "There is no id of the delivery: the body holds the time in milliseconds, the session and, of a message, its fingerprint.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "No retries are documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Only plugin hooks are signed, with the signing secret of the plugin; website hooks are not.",
		},
		Source: "crisp-api 11.3.0, dist/crisp.js (__verifySignature); Crisp docs, Web Hooks Reference",
		Unsure: []string{"retry", "tolerance: 5 minutes are customary"},
	}
}

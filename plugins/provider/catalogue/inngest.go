package catalogue

import "webhookedge/plugins/provider/spec"

func inngestRow() spec.Provider {
	return spec.Provider{
		Name:  "inngest",
		Title: "Inngest function calls",
		Docs:  "https://www.inngest.com/docs/platform/signing-keys",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-inngest-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "s", Separator: "&",
			Encoding: spec.Hex, Content: "{body}{timestamp}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.name"},
			Split:   spec.SplitFirstSlash,
			Time:    []spec.TimeAt{{At: "json:event.ts", Unit: spec.Milliseconds}},
			Subject: []string{"json:ctx.run_id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "A run is called once for each of its steps, with one run_id and one event: the signed content is the identity.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "As the function is configured; each call is signed anew.", Time: "The time is that of the call: each is signed as it is made."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Inngest calls functions and reads from the answer what they did: use this row to record calls in front of a service (respond: continue), not in its place.",
			"The secret is the signing key without signkey- and the environment in front: what stands behind the second hyphen.",
		},
		Source: "inngest (npm) 4.24.0, helpers/net.cjs, signDataWithKey (text), helpers/strings.cjs, removeSigningKeyPrefix, components/InngestCommHandler.cjs, RequestSignature (t and s, 5 minutes)",
		Unsure: []string{"time-out"},
	}
}

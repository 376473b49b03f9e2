package catalogue

import "webhookedge/plugins/provider/spec"

func veriffRow() spec.Provider {
	return spec.Provider{
		Name:  "veriff",
		Title: "Veriff",
		Docs:  "https://devdocs.veriff.com/docs/webhooks-guide",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-hmac-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventType", "member:verification", "member:technicalData", "text:event"},
			Action:  []string{"json:verification.status", "json:action"},
			Time:    []spec.TimeAt{{At: "json:verification.decisionTime", Unit: spec.RFC3339}, {At: "json:time", Unit: spec.RFC3339}},
			Subject: []string{"json:verification.id", "json:id", "json:sessionId"},
		},
		Identity: spec.Identity{
			Why: "There is no id of the delivery: a body names the session, its attempt and what was decided or done.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-auth-client", Value: "octo-corp-api-key"},
		},
		Pitfalls: []string{
			"The key is the shared secret of the integration, beside the API key in X-AUTH-CLIENT.",
			"X-SIGNATURE, a plain hash, is the older scheme and not taken.",
		},
		Source: "Veriff devdocs, Webhooks guide, Decision webhook and General FAQ",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"webhookedge/plugins/provider/spec"
)

func webexRow() spec.Provider {
	return spec.Provider{
		Name:  "webex",
		Title: "Webex",
		Docs:  "https://developer.webex.com/docs/receive-and-verify-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "header:x-spark-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:resource"},
			Action:  []string{"json:event"},
			Time:    []spec.TimeAt{{At: "json:data.created", Unit: spec.RFC3339}},
			Tenant:  []string{"json:orgId"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "There is no id of the delivery, as id is the webhook's: the body names the resource, what happened to it and its time.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "A webhook that keeps failing is switched off."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature is HMAC-SHA1, which is what Webex offers; a webhook without a secret is not signed.",
			"Contact Center subscriptions have another envelope and signature.",
		},
		Source: "Webex developer docs, Receive and verify events",
		Unsure: []string{"retry", "whether a resource that changes twice has one body"},
	}
}

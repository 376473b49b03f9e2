package catalogue

import "webhookedge/plugins/provider/spec"

func whopRow() spec.Provider {
	return spec.Provider{
		Name:  "whop",
		Title: "Whop",
		Docs:  "https://docs.whop.com/developer/guides/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:account_id", "json:company_id"},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again.", Time: eachTryIsSigned},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key is the secret as it is shown, ws_ included: Whop's library wants it in base64 because it decodes it again.",
			"Choose API version v1: older versions are not signed so.",
		},
		Source: "@whop/sdk 0.0.42, resources/webhooks.js (unwrap); Whop docs, Webhooks and Events",
		Unsure: []string{"retry", "company_id"},
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

// eachTryIsSigned is what Standard Webhooks says of retries.
const eachTryIsSigned = "Each try is signed anew: webhook-timestamp is the time of the attempt (Standard Webhooks specification, Webhook headers)."

// v1a is the scheme of Standard Webhooks with a key pair, for rows whose headers begin
// with one of names: the receiver has the sender's public key, whpk_ and base64
// (Standard Webhooks specification, Signature scheme; Svix docs, Asymmetric signatures).
func v1a(names ...string) spec.Scheme {
	var all []spec.Family
	for _, name := range names {
		all = append(all, spec.Family{
			Signature: "header:" + name + "-signature", Timestamp: "header:" + name + "-timestamp", ID: "header:" + name + "-id",
		})
	}
	return spec.Scheme{
		Name: "v1a", Kind: spec.Ed25519, Family: all[0], Alternates: all[1:], FirstWins: len(all) > 1,
		Layout: spec.Versions, Mark: "v1a", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
		TimeUnit: spec.Seconds, ToleranceSeconds: 300,
		Key: spec.KeyBase64, KeyPrefix: "whpk_",
	}
}

func standardWebhooksRow() spec.Provider {
	return spec.Provider{
		Name:  "standard-webhooks",
		Title: "Standard Webhooks",
		Docs:  "https://www.standardwebhooks.com",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{
				Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id",
			},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}, v1a("webhook")},
		Facts: spec.Locators{
			// "A full-stop delimited type", says the specification (Payload structure).
			Type: []string{"json:type"}, Split: spec.SplitLastDot,
			ID:   []string{"header:webhook-id"},
			Time: []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute,
			Why:   "webhook-id is signed, and unique for one sender (Standard Webhooks, Webhook headers): a route is for one sender.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "The specification suggests backing off for about 3 days; 410 ends a subscription, 429, 502 and 504 slow it down.", Time: eachTryIsSigned},
		On429:        "The specification asks senders to slow down.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Standard-Webhooks/1.0"},
		},
		Pitfalls: []string{
			"Some senders use the text of the secret as the key although it looks like base64: raw_key is for them.",
			"The specification asks for keys of 24 to 64 bytes; shorter ones, from 16 bytes, are in use.",
			"A list may hold asymmetric signatures (v1a) too; they are not looked at.",
		},
		Source: "Standard Webhooks specification, Webhook headers and Signature scheme; published test value of the Svix libraries (recomputed)",
	}
}

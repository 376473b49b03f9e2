package provider

func standardWebhooks() Provider {
	return Provider{
		Name:  "standard-webhooks",
		Title: "Standard Webhooks",
		Docs:  "https://www.standardwebhooks.com",
		Schemes: []Scheme{{
			Name: "v1", Kind: HMAC, Hash: SHA256,
			Family: Family{
				Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id",
			},
			Layout: Versions, Mark: "v1", Encoding: Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: Seconds, ToleranceSeconds: 300,
			Key: KeyBase64, KeyPrefix: "whsec_", KeyMin: 16, RawKey: true,
		}},
		Facts: Locators{
			// "A full-stop delimited type", says the specification (Payload structure).
			Type: []string{"json:type"}, Split: SplitLastDot,
			ID:   []string{"header:webhook-id"},
			Time: []TimeAt{{"json:timestamp", RFC3339}},
		},
		Identity: Identity{
			Scope: ScopeRoute,
			Why:   "webhook-id is signed, and unique for one sender (Standard Webhooks, Webhook headers): a route is for one sender.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        Retry{Note: "The specification suggests backing off for about 3 days; 410 ends a subscription, 429, 502 and 504 slow it down."},
		On429:        "The specification asks senders to slow down.",
		Sends: []Header{
			{"accept", "*/*"},
			{"content-type", "application/json"},
			{"user-agent", "Standard-Webhooks/1.0"},
		},
		Pitfalls: []string{
			"Some senders use the text of the secret as the key although it looks like base64: raw_key is for them.",
			"The specification asks for keys of 24 to 64 bytes; shorter ones, from 16 bytes, are in use.",
			"A list may hold asymmetric signatures (v1a) too; they are not looked at.",
		},
		Source: "Standard Webhooks specification, Webhook headers and Signature scheme; published test value of the Svix libraries (recomputed)",
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func moralisRow() spec.Provider {
	return spec.Provider{
		Name:  "moralis",
		Title: "Moralis Streams",
		Docs:  "https://docs.moralis.com/streams/security-and-reliability/webhook-security",
		Schemes: []spec.Scheme{{
			Name: "keccak256", Kind: spec.Digest, Hash: spec.Keccak256,
			Family: spec.Family{Signature: "header:x-signature"},
			Mark:   "0x", Encoding: spec.Hex, Content: "{body}{key}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"text:block"},
			Time:    []spec.TimeAt{{At: "json:block.timestamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:streamId"},
			Subject: []string{"json:block.hash"},
		},
		Identity: spec.Identity{
			Content:  true,
			Volatile: []string{"retries"},
			Why:      "The body holds the stream, the block, whether it is confirmed, and what happened in it; retries counts the tries.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again; retries counts them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature is the Keccak-256 of Ethereum over the body and the secret behind it, and no HMAC.",
			"The secret is that of the Streams settings, which is the API key until another is set.",
			"A block comes twice, unconfirmed and confirmed, in either order.",
			"A test webhook with empty members comes when a stream is made or changed, and must be answered with 2xx.",
		},
		Source: "@moralisweb3/streams 2.27.2 (verifySignature); Moralis docs, Webhook security and Webhook delivery",
		Unsure: []string{"retry", "time-out"},
	}
}

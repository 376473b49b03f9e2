package catalogue

import "webhookedge/plugins/provider/spec"

func websubRow() spec.Provider {
	scheme := func(h spec.Hash, longer ...spec.Hash) spec.Scheme {
		return spec.Scheme{
			Name: string(h), Kind: spec.HMAC, Hash: h, Hashes: longer,
			Family: spec.Family{Signature: "header:x-hub-signature"},
			Mark:   "{hash}=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}
	}
	return spec.Provider{
		Name:  "websub",
		Title: "WebSub (any hub)",
		Docs:  "https://www.w3.org/TR/websub/#authenticated-content-distribution",
		Schemes: []spec.Scheme{
			scheme(spec.SHA256, spec.SHA384, spec.SHA512),
			scheme(spec.SHA384, spec.SHA512),
			scheme(spec.SHA1, spec.SHA256, spec.SHA384, spec.SHA512),
		},
		Settings: websubSettings(""),
		Facts:    spec.Locators{Type: []string{"text:update"}},
		Identity: spec.Identity{
			Content: true,
			Why:     "A hub names no delivery: the content of the topic is the event, and the same content is not sent twice.",
		},
		ContentTypes: []string{"application/atom+xml", "application/rss+xml", "application/json", "text/html"},
		Forms:        []spec.Format{spec.FormatJSON, spec.FormatXML, spec.FormatBytes},
		Handshakes:   websubHandshakes(),
		Retry:        spec.Retry{Note: "A hub tries again as it likes; 410 ends the subscription."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/atom+xml"},
		},
		Pitfalls: websubPitfalls("The hub chooses the hash of a signature and names it: the scheme is the least that is accepted. A hub that signs with SHA-1 needs the scheme sha1 by name."),
		Source:   "W3C WebSub, sections 5.3 (verification of intent), 7.1 (signatures, recognised hashes); pubsubhubbub/node-pubsubhubbub, index.js",
		Unsure:   []string{"retry: each hub's own"},
	}
}

// websubSettings are what a subscriber and its hub agree on; topic is an example.
func websubSettings(topic string) []spec.Setting {
	if topic == "" {
		topic = "https://blog.octo-corp.example/feed"
	}
	return []spec.Setting{
		{Name: "topic", Doc: "The topic that was subscribed to, as the hub names it (hub.topic): no other subscription is confirmed.", Example: topic},
		{
			Name: "verify_token", Doc: "A token that only you and the hub know: hub.verify_token of the subscription or, at a hub that does not know it, the parameter token of the callback URL.",
			Secret: true, Example: "octo-corp-verify-token",
		},
	}
}

// websubHandshakes confirm a subscription that was asked for: whoever else asks a hub for
// one, with a secret of their own, knows neither topic nor token.
func websubHandshakes() []spec.Handshake {
	confirm := func(token, without string) spec.Handshake {
		return spec.Handshake{
			Method: "GET", When: "query:hub.mode", Is: "subscribe", Without: without, Token: token, TokenSetting: "verify_token",
			Expect:    []spec.Expect{{At: "query:hub.topic", Is: "{setting:topic}"}},
			Challenge: "query:hub.challenge", Answer: spec.Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true,
		}
	}
	return []spec.Handshake{confirm("query:token", "query:hub.verify_token"), confirm("query:hub.verify_token", "")}
}

func websubPitfalls(first string) []string {
	return []string{
		first,
		"A subscription without hub.secret is not signed, and its deliveries are refused.",
		"The verification of intent is answered for the topic and the token of the settings alone; to unsubscribe, let the lease run out, since that verification is never confirmed.",
		"A lease ends: subscribe again before hub.lease_seconds are over.",
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func upstashQstashRow() spec.Provider {
	return spec.Provider{
		Name:  "upstash-qstash",
		Title: "Upstash QStash",
		Docs:  "https://upstash.com/docs/qstash/howto/signature",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family:   spec.Family{Signature: "header:upstash-signature", Timestamp: "claim:iat"},
			Binds:    []spec.Bind{{At: "claim:sub", Content: "{url}"}, {At: "claim:body", Content: "{body|sha256|base64url}"}},
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
			JWT: spec.JWT{Algorithms: []spec.Algorithm{spec.HS256}, Issuers: []string{"Upstash"}, NeedExpiry: true},
		}},
		Facts: spec.Locators{
			Type:    []string{"text:message"},
			ID:      []string{"header:upstash-message-id"},
			Subject: []string{"header:upstash-topic-name", "header:upstash-schedule-id"},
		},
		Identity: spec.Identity{
			Why: "Upstash-Message-Id names a message at all its tries and is not signed, so that the digest of the body joins it; the token and its jti are new at each try.",
		},
		ContentTypes: []string{"application/json", "text/plain"},
		Retry:        spec.Retry{Max: 3, Note: "The default; whoever publishes a message sets the number, and with it the pauses, which grow up to a day.", Time: "Each try has a token of its own, with a new time and a new jti."},
		On429:        "Tried again, after Retry-After where there is one.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "upstash-message-id", Value: "{id}"},
			{Name: "user-agent", Value: "Upstash-QStash"},
		},
		Pitfalls: []string{
			"Two keys sign in turn, current and next: configure both as secrets.",
			"The token names the URL that QStash calls: public_url must be that, letter by letter.",
			"The body, its content type and the headers that begin with Upstash-Forward- are what somebody published: your own code, or whoever has the token of the account.",
			"Upstash-Topic-Name, -Message-Id and -Schedule-Id are not signed.",
		},
		Source: "@upstash/qstash 2.12.0, Receiver (cloudflare.js); Upstash docs, Security and Receive messages",
		Unsure: []string{"that Upstash-Message-Id is the same at every try"},
	}
}

package catalogue

import "webhookedge/plugins/provider/spec"

func messagebirdRow() spec.Provider {
	return spec.Provider{
		Name:    "messagebird",
		Title:   "MessageBird",
		Docs:    "https://developers.messagebird.com/api/#verifying-http-requests",
		Methods: []string{"POST", "GET", "PUT", "PATCH", "DELETE"},
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "header:messagebird-signature-jwt"},
			Binds:  []spec.Bind{{At: "claim:url_hash", Content: "{url|sha256|hex}"}, {At: "claim:payload_hash", Content: "{body|sha256|hex}"}},
			Key:    spec.KeyText,
			JWT:    spec.JWT{Algorithms: []spec.Algorithm{spec.HS256, spec.HS384, spec.HS512}, Issuers: []string{"MessageBird"}, NeedExpiry: true, Needs: []string{"jti", "url_hash"}},
		}, {
			// Its hash covers the query and the body, and neither host nor path.
			Name: "signature", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:messagebird-signature", Timestamp: "header:messagebird-request-timestamp"},
			Encoding: spec.Base64, Content: "{timestamp}\n{query-sorted}\n{body|sha256}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 100,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type", "form:status", "query:status"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:createdDatetime", Unit: spec.RFC3339}},
			Tenant:  []string{"json:workspaceId"},
			Subject: []string{"json:conversation.id", "form:recipient", "query:recipient"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body, whose hash is signed, holds the message, its status and a time.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Retry:        spec.Retry{Max: 10, Time: "MessageBird's own libraries refuse a token that has expired, and in the older scheme what is older than 100 s."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The token covers the public URL: public_url must be the URL that was entered there.",
			"The key is the signing key of the developer settings.",
			"The scheme signature is the older one, which MessageBird's library calls deprecated: it signs the query and the body, and not the rest of the URL.",
			"A flow calls with the method that it was given; status reports come by GET.",
			"Events of one message share its id, so the id is made of the body.",
		},
		Source: "messagebird/go-rest-api, signature_jwt reference values (43 recomputed); messagebird 4.0.1, lib/webhook-signature-jwt.js (jti, HS384, HS512) and lib/signature.js (the older scheme)",
		Unsure: []string{"places of the event's facts", "retry"},
	}
}

package catalogue

import "webhookedge/plugins/provider"

func messagebirdRow() provider.Provider {
	return provider.Provider{
		Name:  "messagebird",
		Title: "MessageBird",
		Docs:  "https://developers.messagebird.com/api/#verifying-http-requests",
		Schemes: []provider.Scheme{{
			Name: "jwt", Kind: provider.JSONToken,
			Family: provider.Family{Signature: "header:messagebird-signature-jwt"},
			Binds:  []provider.Bind{{At: "claim:url_hash", Content: "{url|sha256|hex}"}, {At: "claim:payload_hash", Content: "{body|sha256|hex}"}},
			Key:    provider.KeyText,
			JWT:    provider.JWT{Algorithms: []provider.Algorithm{provider.HS256}, Issuers: []string{"MessageBird"}, NeedExpiry: true},
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type", "form:status"},
			Split:   provider.SplitLastDot,
			Time:    []provider.TimeAt{{At: "json:createdDatetime", Unit: provider.RFC3339}},
			Tenant:  []string{"json:workspaceId"},
			Subject: []string{"json:conversation.id", "form:recipient"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body, whose hash is signed, holds the message, its status and a time.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Retry:        provider.Retry{Max: 10},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The token covers the public URL: public_url must be the URL that was entered there.",
			"The key is the signing key of the developer settings.",
			"Events of one message share its id, so the id is made of the body.",
		},
		Source: "messagebird/go-rest-api, signature_jwt reference values (43 recomputed)",
		Unsure: []string{"places of the event's facts", "retry"},
	}
}

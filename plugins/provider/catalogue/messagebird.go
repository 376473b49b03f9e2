package catalogue

import "webhookedge/plugins/provider/spec"

func messagebirdRow() spec.Provider {
	return spec.Provider{
		Name:  "messagebird",
		Title: "MessageBird",
		Docs:  "https://developers.messagebird.com/api/#verifying-http-requests",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "header:messagebird-signature-jwt"},
			Binds:  []spec.Bind{{At: "claim:url_hash", Content: "{url|sha256|hex}"}, {At: "claim:payload_hash", Content: "{body|sha256|hex}"}},
			Key:    spec.KeyText,
			JWT:    spec.JWT{Algorithms: []spec.Algorithm{spec.HS256}, Issuers: []string{"MessageBird"}, NeedExpiry: true},
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type", "form:status"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:createdDatetime", Unit: spec.RFC3339}},
			Tenant:  []string{"json:workspaceId"},
			Subject: []string{"json:conversation.id", "form:recipient"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body, whose hash is signed, holds the message, its status and a time.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Retry:        spec.Retry{Max: 10},
		Sends: []spec.Header{
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

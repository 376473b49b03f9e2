package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func plivoRow() spec.Provider {
	return spec.Provider{
		Name:  "plivo",
		Title: "Plivo",
		Docs:  "https://www.plivo.com/docs/voice/concepts/signature-validation",
		Schemes: []spec.Scheme{{
			Name: "v3", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-plivo-signature-v3"},
			Layout: spec.List, Encoding: spec.Base64, Content: "{plivo:x-plivo-signature-v3-nonce}",
			Key: spec.KeyText,
		}, {
			Name: "v2", Kind: spec.HMAC, Hash: spec.SHA256, Weak: true,
			Family:   spec.Family{Signature: "header:x-plivo-signature-v2"},
			Encoding: spec.Base64, Content: "{url|no-query}{header:x-plivo-signature-v2-nonce}",
			BodyUnsigned: true,
			Key:          spec.KeyText,
		}},
		Methods: []string{"POST", "GET"},
		Facts: spec.Locators{
			Type:    []string{"form:Event", "form:CallStatus", "form:Status"},
			Tenant:  []string{"form:AuthID"},
			ID:      []string{"header:x-plivo-signature-v3-nonce", "header:x-plivo-signature-v2-nonce"},
			Subject: []string{"form:CallUUID", "form:MessageUUID"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute,
			Why:   "The nonce is signed and made anew for each request; a call that does one thing twice has one form twice.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Retry:        spec.Retry{Max: 3, Span: 7 * time.Minute, Note: "Of messages 1, 2 and 4 minutes apart, after 8 seconds without an answer; of calls as the fragment of the URL says. A fallback URL is called where one is set."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/x-www-form-urlencoded"},
			{Name: "x-plivo-signature-v2-nonce", Value: "{id}"},
			{Name: "x-plivo-signature-v3-nonce", Value: "{id}"},
		},
		Pitfalls: []string{
			"Version 2 signs the URL and a nonce, and no body: whoever has seen a delivery can send another body under its signature. It must be chosen (scheme v2), and counts only without a version 3 beside it.",
			"The signature covers the public URL: public_url must be the URL that was entered there.",
			"The key is the account's auth token.",
			"Version 3 covers the fields of a form; a body that is no form is refused.",
			"A try with another nonce counts as another event, since a call that does one thing twice sends one form twice.",
		},
		Source: "plivo-python, plivo/utils/signature_v3.py, and its tests (version 2 recomputed); Plivo support, Will Plivo retry callbacks, and docs, Callback configurations",
		Unsure: []string{"whether a try has another nonce"},
	}
}

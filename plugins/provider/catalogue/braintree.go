package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func braintreeRow() spec.Provider {
	return spec.Provider{
		Name:  "braintree",
		Title: "Braintree",
		Docs:  "https://developer.paypal.com/braintree/docs/guides/webhooks/overview",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family: spec.Family{Signature: "form:bt_signature"},
			Layout: spec.Pairs, Mark: "{setting:public_key}", Separator: "&", Assign: "|", Encoding: spec.Hex, Content: "{form:bt_payload|free}",
			BodyUnsigned: true,
			Key:          spec.KeyText, KeyDerive: "sha1",
		}},
		Settings: []spec.Setting{{
			Name: "public_key", Doc: "The public key of the Braintree account; it tells which of the signatures is ours.",
			Example: "octopublickey17",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:bt_payload.notification.kind", "text:notification"},
			Time:    []spec.TimeAt{{At: "json:bt_payload.notification.timestamp.#text", Unit: spec.RFC3339}, {At: "json:bt_payload.notification.timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:bt_payload.notification.source-merchant-id"},
			FormXML: "bt_payload",
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The signed notification holds its kind, its time and the resource, and is sent again as it was.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:bt_challenge", Challenge: "query:bt_challenge", Response: spec.Response{Kind: spec.HMAC, Hash: spec.SHA1, Encoding: spec.Hex, Content: "{challenge}", HexChallenge: true}, Answer: spec.Answer{ContentType: "text/plain", Body: "{setting:public_key}|{response}"}, Unsigned: true}},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "Hourly, for 3 hours in the sandbox and 24 in production."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/x-www-form-urlencoded"},
		},
		Pitfalls: []string{
			"The secret is the private key; the key of the HMAC is its SHA-1.",
			"bt_payload is XML in base64, which becomes JSON in the event; its kind names the event.",
			"Fields other than bt_payload are not signed.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "braintree_python, webhook_notification_gateway and its tests; braintree_node spec (challenge recomputed)",
		Unsure: []string{"retry", "time-out"},
	}
}

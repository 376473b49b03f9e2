package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func nylasRow() spec.Provider {
	return spec.Provider{
		Name:  "nylas",
		Title: "Nylas",
		Docs:  "https://developer.nylas.com/docs/developer-guide/v3-webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-nylas-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:time", Unit: spec.Seconds}},
			Tenant:  []string{"json:data.object.grant_id", "json:data.application_id"},
			Subject: []string{"json:data.object.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"webhook_delivery_attempt"},
			Why:      "id, in the signed body, is the notification's and the same at every try; webhook_delivery_attempt counts the tries.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:challenge", Challenge: "query:challenge", Answer: spec.Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 2, Span: 20 * time.Minute, Note: "An endpoint that keeps failing is marked so, and then failed."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Saving a webhook sends a GET with a challenge, which must come back within 10 s as it is.",
			"With compressed delivery the signature covers the compressed bytes: switch compression off.",
		},
		Source: "Nylas docs, v3 webhooks and Retry failed webhooks; newreleases.io, nylas-nodejs 6.10.0 (verifyWebhookSignature)",
		Unsure: []string{"retry"},
	}
}

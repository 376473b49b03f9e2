package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func ebayRow() spec.Provider {
	return spec.Provider{
		Name:  "ebay",
		Title: "eBay notifications",
		Docs:  "https://developer.ebay.com/marketplace-account-deletion",
		Schemes: []spec.Scheme{{
			Name: "ecdsa", Kind: spec.ECDSA, Hash: spec.SHA1,
			Family: spec.Family{Signature: "header:x-ebay-signature"},
			Layout: spec.JSON64, Mark: "signature", Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyPEM,
		}},
		Settings: []spec.Setting{{
			Name: "verification_token", Doc: "The verification token that was entered at eBay, 32 to 80 characters.",
			Secret: true, Example: "octo-corp-ebay-verification-token-0001",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:metadata.topic"},
			ID:      []string{"json:notification.notificationId"},
			Time:    []spec.TimeAt{{At: "json:notification.eventDate", Unit: spec.RFC3339}},
			Subject: []string{"json:notification.data.userId"},
		},
		Identity: spec.Identity{
			Volatile: []string{"notification.publishAttemptCount", "notification.publishDate"},
			Why:      "notificationId is in the signed body and the same at every try; publishAttemptCount and publishDate are those of the try.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:challenge_code", Challenge: "query:challenge_code", Response: spec.Response{Kind: spec.Digest, Hash: spec.SHA256, Encoding: spec.Hex, Content: "{challenge}{setting:verification_token}{url|no-query}"}, Answer: spec.Answer{ContentType: "application/json", Body: `{"challengeResponse":"{response}"}`}, Unsigned: true}},
		Status:       map[string]int{"signature_invalid": 412},
		Retry:        spec.Retry{Span: 720 * time.Hour, Note: "An alert after 24 h."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The public key is answered by the Notification API (getPublicKey) under the kid in the header, which needs an access token: fetch it once and configure it; the PEM may stand on one line.",
			"The signature is ECDSA with SHA-1, which is all that eBay offers.",
			"Saving an endpoint sends a GET with challenge_code, answered with a hash over it, the verification token and the endpoint's URL: public_url must be the URL that was entered there.",
			"412 is the answer eBay's library gives where the signature is wrong.",
		},
		Source: "event-notification-nodejs-sdk, validator and test.json (recomputed)",
		Unsure: []string{"retry"},
	}
}

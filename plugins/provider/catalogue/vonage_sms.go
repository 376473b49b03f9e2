package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func vonageSmsRow() spec.Provider {
	return spec.Provider{
		Name:    "vonage-sms",
		Title:   "Vonage SMS API",
		Docs:    "https://developer.vonage.com/en/getting-started/concepts/signing-messages",
		Methods: []string{"POST", "GET"},
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "form:sig", Timestamp: "form:timestamp"},
			Alternates: []spec.Family{{Signature: "query:sig", Timestamp: "query:timestamp"}, {Signature: "json:sig", Timestamp: "json:timestamp"}},
			Encoding:   spec.HexAny, Content: "{params-sorted}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 86400, AheadSeconds: 300, // the span of the retries, whose time may be that of the first try
			Key: spec.KeyText,
		}, {
			Name: "sha512", Kind: spec.HMAC, Hash: spec.SHA512,
			Family:     spec.Family{Signature: "form:sig", Timestamp: "form:timestamp"},
			Alternates: []spec.Family{{Signature: "query:sig", Timestamp: "query:timestamp"}, {Signature: "json:sig", Timestamp: "json:timestamp"}},
			Encoding:   spec.HexAny, Content: "{params-sorted}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 86400, AheadSeconds: 300, // the span of the retries, whose time may be that of the first try
			Key: spec.KeyText,
		}, {
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1, Weak: true,
			Family:     spec.Family{Signature: "form:sig", Timestamp: "form:timestamp"},
			Alternates: []spec.Family{{Signature: "query:sig", Timestamp: "query:timestamp"}, {Signature: "json:sig", Timestamp: "json:timestamp"}},
			Encoding:   spec.HexAny, Content: "{params-sorted}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 86400, AheadSeconds: 300, // the span of the retries, whose time may be that of the first try
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"form:status", "query:status", "json:status", "text:inbound"},
			Time:    []spec.TimeAt{{At: "form:message-timestamp", Unit: spec.DateTime}, {At: "query:message-timestamp", Unit: spec.DateTime}, {At: "json:message-timestamp", Unit: spec.DateTime}},
			ID:      []string{"form:messageId + form:status", "form:messageId", "query:messageId + query:status", "query:messageId", "json:messageId + json:status", "json:messageId"},
			Tenant:  []string{"form:api-key", "query:api-key", "json:api-key"},
			Subject: []string{"form:messageId", "query:messageId", "json:messageId", "form:msisdn", "query:msisdn", "json:msisdn"},
		},
		Identity: spec.Identity{
			Volatile: []string{"nonce", "sig", "timestamp"},
			Why:      "messageId names the message and is signed; each status of it has a receipt of its own. timestamp, nonce and sig are those of the try.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded", "application/json"},
		Retry:        spec.Retry{Span: 24 * time.Hour},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/x-www-form-urlencoded"},
		},
		Pitfalls: []string{
			"Choose SHA-256 or SHA-512 HMAC as the account's signature method: the MD5 methods are not accepted.",
			"The key is the account's signature secret.",
			"The tolerance covers the day of retries, whose timestamp may be that of the first try.",
			"Receipts of one message share its messageId: the id of a receipt is the messageId with the status.",
		},
		Source: "vonage-node-sdk, packages/sms (five methods recomputed; @vonage/sms 1.21.0 signs the members of a JSON body as the fields of a form); Vonage docs, Signing messages",
		Unsure: []string{"retry"},
	}
}

package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func larkRow() spec.Provider {
	return spec.Provider{
		Name:  "lark",
		Title: "Lark and Feishu events",
		Docs:  "https://open.larksuite.com/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case",
		Schemes: []spec.Scheme{{
			Name: "encrypted", Kind: spec.Digest, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-lark-signature", Timestamp: "header:x-lark-request-timestamp"},
			Encoding: spec.Hex, Content: "{timestamp}{header:x-lark-request-nonce}{key}{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 25800, AheadSeconds: 300,
			Key:       spec.KeyText,
			Encrypted: spec.Encrypted{At: "json:encrypt", Cipher: spec.AESDigest},
		}, {
			Name: "verification-token", Kind: spec.Token,
			Family:     spec.Family{Signature: "json:header.token"},
			Alternates: []spec.Family{{Signature: "json:token"}},
			Key:        spec.KeyText,
		}},
		Settings: []spec.Setting{{
			Name: "verification_token", Doc: "The app's Verification Token, which shows that the check of the request URL comes from Lark: without it that is not answered.",
			Secret: true, Example: "octo-corp-verification-token",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:header.event_type", "json:event.type", "json:type"},
			Levels:  spec.LevelsDot,
			ID:      []string{"json:header.event_id", "json:uuid"},
			Time:    []spec.TimeAt{{At: "json:header.create_time", Unit: spec.Milliseconds}, {At: "json:ts", Unit: spec.Fraction}},
			Tenant:  []string{"json:header.tenant_key", "json:event.tenant_key"},
			Subject: []string{"json:event.message.message_id", "json:header.app_id", "json:event.app_id"},
		},
		Identity: spec.Identity{
			Why: "event_id of events of version 2.0, uuid of version 1.0, both the same when Lark tries again.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes: []spec.Handshake{{
			Method: "POST", When: "json:type", Is: "url_verification", Token: "json:token", TokenSetting: "verification_token", Challenge: "json:challenge",
			Answer: spec.Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}, Unsigned: true,
		}},
		Success: spec.Answer{Status: 200},
		Timeout: 3 * time.Second,
		Retry: spec.Retry{
			Max: 4, Span: 7*time.Hour + 6*time.Minute, Note: "After 15 s, 5 minutes, 1 hour and 6 hours.",
			Time: "Nothing says that a later try is signed anew, and Lark's own SDK looks at no time: the tolerance is as long as the retries, and event_id tells a replay.",
		},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json; charset=utf-8"},
			{Name: "x-lark-request-nonce", Value: "1842087915"},
		},
		Pitfalls: []string{
			"Set an Encrypt Key: without one Lark signs nothing and shows the Verification Token in the body, which the scheme verification-token takes by name.",
			"The secret is the Encrypt Key: it signs and it encrypts, so a delivery that was kept can be released only while that key is among the secrets.",
			"The check of the request URL is encrypted and not signed: it is answered where the setting verification_token is the app's.",
			"The signature is a plain hash of time, nonce, key and body. It can be continued behind the body, where only JSON may stand, so that nothing comes of it.",
			"Answer within 3 seconds, 1 second for the check of the URL.",
		},
		Source: "@larksuiteoapi/node-sdk (npm) 1.74.0, lib/index.js, RequestHandle and AESCipher (signature, cipher, versions of events), generateChallenge (not signed); Feishu docs, Event subscription overview (time-out, retries, 7.1 hours, event_id and uuid), Configure request URL (token, challenge)",
		Unsure: []string{"whether a later try has a new signed time", "whether a later try is encrypted anew"},
	}
}

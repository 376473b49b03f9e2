package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func wecomRow() spec.Provider {
	return spec.Provider{
		Name:  "wecom",
		Title: "WeCom (WeChat Work) callbacks",
		Docs:  "https://developer.work.weixin.qq.com/document/path/90238",
		Schemes: []spec.Scheme{{
			Name: "msg-signature", Kind: spec.Digest, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "query:msg_signature", Timestamp: "query:timestamp"},
			Encoding: spec.Hex, Content: "{wechat:nonce}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
			Encrypted: spec.Encrypted{
				At: "xml:Encrypt", Also: []string{"query:echostr"}, Cipher: spec.AESWeChat, Keys: "encoding_aes_key", Receiver: "receive_id",
			},
		}},
		Settings: []spec.Setting{{
			Name: "encoding_aes_key", Doc: "The EncodingAESKey of the callback, 43 letters and digits; during a change the new and the old one, with a blank between.",
			Secret: true, Example: "qZ3pR8vT1xL6nB0kD5sH9wJ2mF7cY4gA8uE3iO6rW1t",
		}, {
			Name: "receive_id", Doc: "Whom messages are for: the CorpID for an app of your own, the SuiteID for a third-party app.",
			Pins: true, Example: "ww5a1f0c2b9e8d7064",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:xml.Event", "json:xml.InfoType", "json:xml.MsgType"},
			Action:  []string{"json:xml.ChangeType"},
			ID:      []string{"json:xml.MsgId"},
			Time:    []spec.TimeAt{{At: "json:xml.CreateTime", Unit: spec.Seconds}, {At: "json:xml.TimeStamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:xml.ToUserName", "json:xml.AuthCorpId", "json:xml.SuiteId"},
			Subject: []string{"json:xml.UserID", "json:xml.FromUserName"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "MsgId of a message. An event has none, and WeCom's advice (sender and second) makes one of two: the decrypted content is the identity.",
		},
		ContentTypes: []string{"text/xml"},
		Handshakes: []spec.Handshake{{
			Method: "GET", When: "query:echostr", Challenge: "body", Answer: spec.Answer{ContentType: "text/plain", Body: "{challenge}"},
		}},
		Success: spec.Answer{Status: 200, ContentType: "text/plain", Body: "success"},
		Timeout: 5 * time.Second,
		Retry:   spec.Retry{Max: 3, Note: "At once, when 5 seconds are over or the connection breaks.", Time: "The last of the tries comes within half a minute of the first."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "text/xml"},
		},
		Pitfalls: []string{
			"The secret is the Token of the callback, chosen in the same form as the EncodingAESKey: make it 32 random letters and digits.",
			"The signature is a SHA-1 of four values without anything between them. What is encrypted must name its own length and the receive_id, so that no part of a message passes for another.",
			"Only what is encrypted is signed and read: AgentID and ToUserName beside it are not.",
			"The check of the URL is a GET, which the gateway's route must let pass.",
			"A delivery that was kept can be released only while its EncodingAESKey is set.",
		},
		Source: "@wecom/crypto (npm) 1.0.1, lib/index.js; wechat-crypto (npm) 0.0.2, lib/msg_crypto.js (signature, cipher); WeCom docs, Encryption and decryption (receive id, key), Receive messages and events (check of the URL, 5 s, three tries, msgid)",
		Unsure: []string{"whether a later try has a new signed time"},
	}
}

package spec

import "slices"

// Encrypted says where a delivery holds its payload encrypted, and how. It is decrypted
// once the scheme has proved the delivery, and what comes out is the payload.
type Encrypted struct {
	// At is the place of what is encrypted: json:, query: or, of the child of the root of
	// an XML body, xml:. With As it is the member of each element of Each.
	At string `json:"at,omitempty" maxlen:"256" doc:"Place of the encrypted text: json:a.b, query:x, or xml:X for a child of the root of an XML body."`
	// Also are further places, of which a delivery uses one in all.
	Also   []string `json:"also,omitempty" maxlen:"4" doc:"Further places, of which a delivery uses one in all."`
	Cipher Cipher   `json:"cipher,omitempty" doc:"How it is encrypted."`
	// Keys is the setting that holds the keys, newest first with a blank between them; ""
	// where the secret is the key. An optional one that is not set leaves the payload
	// as it is.
	Keys string `json:"keys,omitempty" maxlen:"64" doc:"Setting that holds the keys, newest first with blanks between; the scheme's secrets if empty."`
	// Receiver is the setting whose value stands behind the message (AESWeChat).
	Receiver string `json:"receiver,omitempty" maxlen:"64" doc:"Setting with the receiver that an aes-cbc-wechat message must name."`
	// As is the member of an element that replaces At; "" where the whole payload is
	// encrypted.
	As string `json:"as,omitempty" maxlen:"64" doc:"Member of an element that takes the place of the encrypted one; without it the whole payload is encrypted."`
}

// Cipher is how a payload is encrypted.
type Cipher string

// The ciphers. All are AES-256 in CBC mode, which proves nothing of the sender: the
// scheme does.
const (
	// AESDigest is base64 of an IV and the ciphertext with PKCS #7 padding (RFC 5652,
	// 6.3). The key is the SHA-256 of the key's text (Feishu docs, Receive events).
	AESDigest Cipher = "aes-cbc-sha256"
	// AESWeChat is base64 of 16 random bytes, the length of the message in four (big
	// endian), the message and the receiver, padded to 32 bytes. The key is 43 characters
	// of base64, and its first half the IV (WeCom docs, Encryption and decryption).
	AESWeChat Cipher = "aes-cbc-wechat"
	// RSAHMAC is an object with data, the ciphertext; dataKey, its key under RSA-OAEP with
	// SHA-1; and dataSignature, the HMAC-SHA256 of the ciphertext by that key, whose first
	// half is the IV (Microsoft Graph, changeNotificationEncryptedContent).
	RSAHMAC Cipher = "rsa-oaep-aes-cbc-hmac"
)

// Enum returns the ciphers.
func (Cipher) Enum() []string { return texts(AESDigest, AESWeChat, RSAHMAC) }

// On reports whether a payload is encrypted.
func (e *Encrypted) On() bool { return e.Cipher != "" }

// Whole reports whether all of the payload is encrypted.
func (e *Encrypted) Whole() bool { return e.On() && e.As == "" }

// encryptedFault says what is wrong with the encrypted payload of s, "" for nothing.
func (s *Scheme) encryptedFault() string {
	e := &s.Encrypted
	switch {
	case !e.On() && e.At+e.Keys+e.Receiver+e.As == "" && len(e.Also) == 0:
		return ""
	case !slices.Contains(Cipher("").Enum(), string(e.Cipher)) || e.At == "":
		return "has an encrypted payload of an unknown cipher, or in no place"
	case (e.Cipher == RSAHMAC) != (e.As != ""), e.As != "" && (s.Each == "" || len(e.Also) > 0):
		return "has an encrypted payload that must be, or must not be, a member of an element"
	}
	return s.sealingFault()
}

// sealingFault is encryptedFault of what is encrypted with.
func (s *Scheme) sealingFault() string {
	e := &s.Encrypted
	switch {
	case (e.Cipher == AESWeChat) != (e.Receiver != ""):
		return "has a receiver of encrypted messages exactly with the cipher " + string(AESWeChat)
	case e.Keys == "" && (e.Cipher != AESDigest || !s.SharesKey() || !s.Signs()):
		return "encrypts with a secret that is no key"
	case s.Kind == Token || s.Kind == Basic || s.Kind == ClientCert:
		return "decrypts what nothing signed"
	}
	return ""
}

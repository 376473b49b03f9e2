package spec

import (
	"encoding/json"
	"slices"
	"strings"
)

// MessageAlgorithm names an algorithm of HTTP message signatures (RFC 9421 section 3.3,
// IANA registry HTTP Signature Algorithms).
type MessageAlgorithm string

// The algorithms.
const (
	MessageEd25519 MessageAlgorithm = "ed25519"
	MessageP256    MessageAlgorithm = "ecdsa-p256-sha256"
	MessageP384    MessageAlgorithm = "ecdsa-p384-sha384"
	MessagePSS     MessageAlgorithm = "rsa-pss-sha512"
	MessagePKCS1   MessageAlgorithm = "rsa-v1_5-sha256"
	MessageHMAC    MessageAlgorithm = "hmac-sha256"
)

// Enum returns the algorithms.
func (MessageAlgorithm) Enum() []string {
	return texts(MessageEd25519, MessageP256, MessageP384, MessagePSS, MessagePKCS1, MessageHMAC)
}

// Component names and the header of the body's digest (RFC 9421 section 2, RFC 9530).
const (
	ContentDigest = "content-digest"
	Created       = "created"
)

// Message says what an HTTP message signature (RFC 9421) must hold, for the kind
// http-signature. Its places are always the headers signature and signature-input.
type Message struct {
	// Algorithms are those that keys may be for. The key decides which of them a
	// signature must be of, and what the message names must be the same: so not both of
	// RSA are possible, nor a MAC beside public keys.
	Algorithms []MessageAlgorithm `json:"algorithms,omitempty" maxlen:"4" doc:"Algorithms of the keys: ed25519, ecdsa-p256-sha256, ecdsa-p384-sha384 and one of RSA, or hmac-sha256 alone. The key decides, and never the message alone."`
	// Components must be covered. Of several with a bar between, one; one with a question
	// mark behind it, where the delivery has it.
	Components []string `json:"components,omitempty" maxlen:"16" doc:"What the signature must cover: headers in lower case, @method, @target-uri, @authority, @path, @query. Of several with | between, one must be; one with ? behind it where the delivery has it."`
	// Parameters must be there; created is where the family's timestamp is pair:created.
	Parameters []string `json:"parameters,omitempty" maxlen:"8" doc:"Parameters that the signature must have: expires, keyid, nonce, alg; created is the timestamp pair:created."`
	// Label and Tag choose one of several signatures. Without either there must be one.
	Label string `json:"label,omitempty" maxlen:"64" doc:"Label of the signature that counts, where a delivery may have several."`
	Tag   string `json:"tag,omitempty" maxlen:"128" doc:"Parameter tag of the signature that counts."`
	// MaxSeconds bounds the time from created to expires, 0 for no bound.
	MaxSeconds int `json:"max_seconds,omitempty" min:"0" max:"86400" doc:"Longest time from created to expires, any if 0."`
	// Base64URL also takes bytes in base64url without padding, which RFC 8941 does not
	// know.
	Base64URL bool `json:"base64url,omitempty" doc:"Take signatures and digests in base64url without padding, too, for senders that do not keep to RFC 8941."`
}

// Covers reports whether a message must cover a component whatever it is like.
func (m *Message) Covers(name string) bool { return slices.Contains(m.Components, name) }

// Mentions reports whether m asks for one of the components, if only as a choice.
func (m *Message) Mentions(names ...string) bool {
	return slices.ContainsFunc(m.Components, func(c string) bool {
		return slices.ContainsFunc(strings.Split(strings.TrimSuffix(c, "?"), "|"), func(name string) bool { return slices.Contains(names, name) })
	})
}

// fault says what is wrong with m, "" for nothing.
func (m *Message) fault() string {
	unknown := func(a MessageAlgorithm) bool { return !slices.Contains(MessageAlgorithm("").Enum(), string(a)) }
	switch {
	case len(m.Algorithms) == 0 || slices.ContainsFunc(m.Algorithms, unknown):
		return "has no algorithm of message signatures, or an unknown one"
	case len(m.Algorithms) > 1 && slices.Contains(m.Algorithms, MessageHMAC):
		return "accepts algorithms of shared and of public keys at once"
	case slices.Contains(m.Algorithms, MessagePSS) && slices.Contains(m.Algorithms, MessagePKCS1):
		return "accepts two algorithms of RSA, of which a key does not tell which it is for"
	}
	for _, c := range m.Components {
		for name := range strings.SplitSeq(strings.TrimSuffix(c, "?"), "|") {
			if !IsHeaderName(name) && !slices.Contains([]string{"@method", "@target-uri", "@authority", "@scheme", "@path", "@query", "@request-target"}, name) {
				return "has an unknown component"
			}
		}
	}
	for _, p := range m.Parameters {
		if !slices.Contains([]string{"expires", "keyid", "nonce", "alg", "tag"}, p) {
			return "has an unknown parameter"
		}
	}
	return ""
}

// Keys returns what of a document at r's address is keys, or says why there is nothing.
func (r *Remote) Keys(doc []byte) (keys []byte, why string) {
	if r.Member == "" {
		return doc, ""
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(doc, &members) != nil || members[r.Member] == nil {
		return nil, "is no JSON object with the keys"
	}
	keys = members[r.Member]
	var text string
	switch {
	case r.Form == KeyJWKS:
		return slices.Concat([]byte(`{"keys":`), keys, []byte("}")), ""
	case json.Unmarshal(keys, &text) != nil:
		return nil, "has keys that are no text"
	}
	return []byte(text), ""
}

// Package probe marks a signed delivery as a synthetic one of `webhookctl probe`, so that
// the edge takes it all the way and no consumer takes it for a real event.
//
// The mark is a header that only somebody who knows the route's secret can make, for the
// body that it comes with. So nobody can turn a provider's delivery into a probe, which
// would take it away from its consumers, nor a probe into an event.
package probe

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"webhookedge/plugins/provider/spec"
)

const (
	// Header is the name of the mark's header, in lower case.
	Header = "webhook-edge-probe"
	// Stream is where the edge stores events of its own.
	Stream = "WEBHOOKS_EDGE"
	// Subjects are those of the stream.
	Subjects = "webhooks-edge.>"
	// Prefix is what the subjects of probes begin with, before the provider's and the
	// route's token.
	Prefix = "webhooks-edge.probe"
	// Provider is that of the events of probes, whose full type is edge.probe.
	Provider = "edge"
	// Type is their type behind the provider.
	Type = "probe"

	// tolerance is how far the time of a mark may lie from now.
	tolerance = 5 * time.Minute
	// label keeps the marks' key apart from whatever else is signed with the secret.
	label = "webhook-edge probe, version 1"
)

// Possible reports whether deliveries of a scheme can be marked: both sides know its key,
// and nobody else does, as would be with a public one.
func Possible(s *spec.Scheme) bool {
	switch s.Kind {
	case spec.HMAC, spec.Digest, spec.Token, spec.Basic:
		return true
	}
	return false
}

// Key makes marks with a secret. The zero value makes none and knows none.
type Key struct{ key []byte }

// NewKey returns the key of a secret, which must not be empty, as the configuration has
// it.
func NewKey(secret string) Key { return Key{sum([]byte(secret), label)} }

// Mark returns the value of Header for a body.
func (k Key) Mark(at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return t + "." + hex.EncodeToString(k.of(t, body))
}

// Made reports whether mark was made with k for body, not long ago.
func (k Key) Made(mark string, now time.Time, body []byte) bool {
	t, given, _ := strings.Cut(mark, ".")
	seconds, err := strconv.ParseInt(t, 10, 64)
	if err != nil || len(k.key) == 0 || len(given) != 2*sha256.Size {
		return false
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return false
	}
	mac, err := hex.DecodeString(given)
	return err == nil && hmac.Equal(mac, k.of(t, body))
}

func (k Key) of(t string, body []byte) []byte {
	digest := sha256.Sum256(body)
	return sum(k.key, t+"\n"+hex.EncodeToString(digest[:]))
}

func sum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

package provider

import (
	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/provider/internal/facts"
	"webhookedge/plugins/provider/internal/handshake"
	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/scheme"
	"webhookedge/plugins/provider/internal/sign"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// What a Provider takes and returns. The packages that say more are out of reach of
// callers, so that the parts of this one can change without them.
type (
	Request        = place.Request
	Headers        = place.Headers
	HeaderList     = place.HeaderList
	Facts          = facts.Facts
	Told           = facts.Told
	Options        = scheme.Options
	Secret         = keys.Secret
	SecretError    = keys.SecretError
	SettingError   = spec.SettingError
	Verifier       = scheme.Verifier
	Proof          = scheme.Proof
	Coverage       = scheme.Coverage
	HandshakeReply = handshake.Reply
	Signer         = sign.Signer
	Unsigned       = sign.Unsigned
	Signed         = sign.Signed
	KeyPair        = keys.KeyPair
)

// CoversBody is what Proof.Covers says where every byte of the body is proved, or every
// field of a form.
const CoversBody = place.CoversBody

// MaxSecrets bounds the secrets of a verifier: a wrong signature costs one hash of the
// body for each.
const MaxSecrets = keys.MaxSecrets

// What can be wrong with a delivery. No error holds any part of a signature, a secret
// or a body.
var (
	ErrMissing        = spec.ErrMissing
	ErrRepeated       = spec.ErrRepeated
	ErrMalformed      = spec.ErrMalformed
	ErrMismatch       = spec.ErrMismatch
	ErrStale          = spec.ErrStale
	ErrFuture         = spec.ErrFuture
	ErrDowngrade      = spec.ErrDowngrade
	ErrKeyDocument    = spec.ErrKeyDocument
	ErrBody           = spec.ErrBody
	ErrBesideDocument = formscan.ErrBesideDocument
	ErrAnswered       = spec.ErrAnswered
	ErrChallenge      = spec.ErrChallenge
	ErrSetup          = spec.ErrSetup
	ErrTypeMismatch   = facts.ErrTypeMismatch
	ErrUnnamed        = facts.ErrUnnamed
)

// What can be wrong with a configuration.
var (
	ErrKey    = spec.ErrKey
	ErrOption = spec.ErrOption
	ErrRow    = spec.ErrRow
)

// DigestOf returns the digest of a content, as Proof.Signed has it.
func DigestOf(content []byte) signedtext.Digested { return signedtext.DigestOf(content) }

// EscapeName is what the type, the action and the tenant of an event have of a text
// of its payload.
func EscapeName(text string) string { return facts.EscapeName(text) }

// WithoutBOM returns a body without the byte order mark of UTF-8, which some senders
// write in front of JSON, XML and forms.
func WithoutBOM(body []byte) []byte { return place.WithoutBOM(body) }

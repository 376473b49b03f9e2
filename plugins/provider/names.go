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
	// Request is what a scheme may sign and Describe may read.
	Request = place.Request
	// Headers reads the headers of a request.
	Headers = place.Headers
	// HeaderList is a list of lines in order; it implements Headers.
	HeaderList = place.HeaderList
	// Facts is what a delivery says of itself.
	Facts = facts.Facts
	// Told is what an event's identity is made of.
	Told = facts.Told
	// Options are the settings of a Verifier or a Signer.
	Options = scheme.Options
	// Secret is what the provider and we share, or a key.
	Secret = keys.Secret
	// SecretError says what is wrong with one secret; it is an ErrKey.
	SecretError = keys.SecretError
	// SettingError says what is wrong with one setting; it is an ErrOption.
	SettingError = spec.SettingError
	// Verifier checks deliveries by one scheme.
	Verifier = scheme.Verifier
	// Proof is what a verified signature proves.
	Proof = scheme.Proof
	// Coverage says what a scheme proves of a delivery.
	Coverage = scheme.Coverage
	// HandshakeReply is a handshake that is to be answered.
	HandshakeReply = handshake.Reply
	// Signer signs as the provider does.
	Signer = sign.Signer
	// Unsigned is a delivery that is to be sent.
	Unsigned = sign.Unsigned
	// Signed is a delivery as its provider sends it.
	Signed = sign.Signed
	// KeyPair is a key that a sender signs with, and what the receiver needs of it.
	KeyPair = keys.KeyPair
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

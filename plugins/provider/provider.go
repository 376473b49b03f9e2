package provider

import (
	"fmt"

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
	// Origin is where a fact of a delivery was read.
	Origin = facts.Origin
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
	ErrSealed         = spec.ErrSealed
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

// EscapePart is what an id that is joined of several texts has of one.
func EscapePart(text string) string { return facts.EscapePart(text) }

// WithoutBOM returns a body without the byte order mark of UTF-8, which some senders
// write in front of JSON, XML and forms.
func WithoutBOM(body []byte) []byte { return place.WithoutBOM(body) }

// Provider is a row that is checked and ready for use.
type Provider struct {
	spec.Provider
	*facts.Reader
}

// New returns the provider that a row describes. The error is ErrRow.
func New(row spec.Provider) (*Provider, error) {
	p := &Provider{Provider: row}
	return p, p.Compile()
}

// Compile checks p and prepares it, which New has done; whoever changes the row does it
// again. The error is ErrRow.
func (p *Provider) Compile() (err error) {
	if p.Reader, err = facts.NewReader(&p.Provider); err != nil {
		return err
	}
	settings := p.Examples()
	for i := range p.Schemes {
		if _, err := scheme.Compile(&p.Schemes[i], settings); err != nil {
			return err
		}
	}
	if _, err := handshake.New(&p.Provider, settings, nil); err != nil {
		return err
	}
	if len(p.Schemes) == 0 || p.Schemes[0].Weak && !p.Custom {
		return fmt.Errorf("%w: %s must have a default scheme that is not weak", spec.ErrRow, p.Name)
	}
	for i := range p.Ranges {
		if err := p.Ranges[i].Check(); err != nil {
			return err
		}
	}
	return nil
}

// Verifier returns a verifier, or everything that is wrong with o at once.
// Errors are ErrKey, ErrOption or ErrRow.
func (p *Provider) Verifier(o scheme.Options) (*scheme.Verifier, error) {
	return scheme.NewVerifier(&p.Provider, p.Reader, o)
}

// Signer returns a signer for the same options as Verifier, but with private keys
// (PKCS #8 in PEM) where the scheme has public ones.
func (p *Provider) Signer(o scheme.Options) (*sign.Signer, error) {
	return sign.New(&p.Provider, p.Bodies, o)
}

// NewKeyPair makes a key for tests of a route, never one to be used.
func (p *Provider) NewKeyPair(name string) (keys.KeyPair, error) {
	s, ok := p.Scheme(name)
	if !ok {
		return keys.KeyPair{}, fmt.Errorf("%w: %s has no scheme of that name", spec.ErrOption, p.Name)
	}
	filled := s.Filled(p.Examples())
	return keys.NewPair(&filled)
}

// Coverage says what the scheme with the given name proves of a delivery, the default
// for "". The error is ErrRow.
func (p *Provider) Coverage(name string) (scheme.Coverage, error) {
	return scheme.CoverageOf(&p.Provider, p.Reader, name)
}

// Unsafe says what in the row leaves room for a forgery although every signature is
// checked, a line each, which begins with the path of its field. A sender of a
// user's own that has any is refused; of the catalogue's a test names each, with its
// reason: the provider's own scheme is so.
func (p *Provider) Unsafe() []string { return scheme.Unsafe(&p.Provider) }

package provider

import (
	"fmt"

	"webhookedge/plugins/provider/internal/facts"
	"webhookedge/plugins/provider/internal/handshake"
	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/scheme"
	"webhookedge/plugins/provider/internal/sign"
	"webhookedge/plugins/provider/spec"
)

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

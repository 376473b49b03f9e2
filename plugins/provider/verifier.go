package provider

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/jsonscan"
)

// maxElements bounds the elements of a delivery that are proved one by one.
const maxElements = 1000

// Verifier checks deliveries by one scheme. It is safe for concurrent use.
type Verifier struct {
	row        *Provider
	scheme     *scheme
	keys       []key
	settings   map[string]string
	strong     []place // signatures of stronger schemes, when this one is weak
	tolerance  time.Duration
	roots      *x509.CertPool
	each       *jsonscan.ListPath
	handshakes *handshaker
	oracles    []oracle // what handshakes sign that a delivery could be
	digests    bool     // a proof has a digest of the signed content
}

// Verifier returns a verifier, or everything that is wrong with o at once.
// Errors are ErrKey, ErrOption or ErrRow.
func (p *Provider) Verifier(o Options) (*Verifier, error) {
	s, ok := p.Scheme(o.Scheme)
	if !ok {
		return nil, fmt.Errorf("%w: %s has no scheme of that name", ErrOption, p.Name)
	}
	v := &Verifier{row: p, tolerance: o.Tolerance, roots: o.Roots}
	var errs []error
	if o.Scheme == "" && s.Weak {
		errs = append(errs, fmt.Errorf("%w: the default scheme of %s is weak, so scheme must name it: %s", ErrOption, p.Name, s.Name))
	}
	if o.Tolerance < 0 || o.Tolerance > MaxTolerance {
		errs = append(errs, fmt.Errorf("%w: tolerance must be from 0 to %s", ErrOption, MaxTolerance))
	}
	if o.Tolerance == 0 {
		v.tolerance = s.Tolerance()
	}
	var err error
	if v.settings, err = p.settings(o.Settings); err != nil {
		errs = append(errs, err)
	}
	if err := p.unset(&s, v.settings); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	p.without(&s, v.settings)
	if v.scheme, err = s.compile(v.settings); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	v.digests = p.digests(v.scheme)
	if v.keys, err = v.scheme.newKeys(&o); err != nil {
		errs = append(errs, err)
	}
	if s.Weak {
		v.strong = p.strongSignatures(v.scheme, v.settings)
	}
	if s.Each != "" {
		if v.each, err = jsonscan.CompileList(s.Each); err != nil {
			errs = append(errs, fmt.Errorf("%w: %w", ErrRow, err))
		}
	}
	if v.handshakes, err = p.compileHandshakes(v.settings, v.newest()); err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	v.oracles = v.scheme.oracles(v.handshakes.oracles)
	return v, nil
}

// newest returns the first shared secret, nil where there is none.
func (v *Verifier) newest() []byte {
	if len(v.keys) == 0 || v.keys[0].secret == nil {
		return nil
	}
	return v.keys[0].secret()
}

// strongSignatures are the places of the signatures of schemes that are not
// weak, but for those where weak ones stand, too: there one cannot be beside
// the other.
func (p *Provider) strongSignatures(weak *scheme, settings map[string]string) []place {
	var places []place
	for i := range p.Schemes {
		if p.Schemes[i].Weak {
			continue
		}
		c, err := p.Schemes[i].compile(settings)
		if err != nil { // a setting that only it needs
			continue
		}
		for _, f := range c.families {
			same := func(w family) bool { return w.signature == f.signature }
			if (f.signature.kind == atHeader || f.signature.kind == atQuery) && !slices.ContainsFunc(weak.families, same) {
				places = append(places, f.signature)
			}
		}
	}
	return places
}

// Scheme returns the scheme by which v verifies.
func (v *Verifier) Scheme() Scheme { return v.scheme.Scheme }

// SecretIDs returns the ids that a proof can name.
func (v *Verifier) SecretIDs() []string {
	var ids []string
	for i := range v.keys {
		ids = append(ids, v.keys[i].id)
	}
	if len(ids) == 0 && v.scheme.remote != nil {
		ids = append(ids, remoteID)
	}
	return ids
}

// SignsURL reports whether the public URL is a part of what v checks or answers.
func (v *Verifier) SignsURL() bool { return v.row.SignsURL(&v.scheme.Scheme) }

// Tolerance returns how far a signed time may lie from now, 0 where none is.
func (v *Verifier) Tolerance() time.Duration { return v.tolerance }

// Verify returns what the signature of r proves at the time now. Errors are
// ErrMissing, ErrRepeated, ErrMalformed, ErrBody, ErrDowngrade, ErrMismatch,
// ErrStale and ErrFuture; the last two only where the signature itself is right,
// so that a forger learns nothing of our clock. Where KeyURL names a document of
// keys it must be given to VerifyWith instead.
func (v *Verifier) Verify(r Request, now time.Time) (Proof, error) {
	return v.VerifyWith(r, now, nil)
}

// VerifyWith is Verify with the document that KeyURL names. It is ErrKeyDocument
// where that is not what it should be.
func (v *Verifier) VerifyWith(r Request, now time.Time, doc []byte) (Proof, error) {
	check, ok := checkers.Get().(*checker)
	if !ok {
		check = new(checker)
	}
	defer check.end()
	check.v, check.now, check.doc, check.request = v, now, doc, r
	check.values.r = &check.request
	for _, at := range v.strong {
		if _, n := check.values.get(at); n > 0 {
			return Proof{}, ErrDowngrade
		}
	}
	if v.each == nil {
		return check.one(&check.request)
	}
	return check.all(&check.request)
}

// refersTo reports whether s needs the setting of a name.
func (s *Scheme) refersTo(name string) bool {
	mark := "setting:" + name + "}"
	texts := []string{s.Content, s.FormContent, s.Mark, s.JWT.Audience}
	texts = append(texts, s.JWT.Issuers...)
	for _, f := range append([]Family{s.Family}, s.Alternates...) {
		texts = append(append(texts, f.Signature, f.Timestamp, f.ID), f.Also...)
	}
	for _, e := range append(append([]Expect{}, s.Expect...), s.JWT.Claims...) {
		texts = append(texts, e.At, e.Is)
	}
	for _, b := range s.Binds {
		texts = append(texts, b.Content)
	}
	for _, text := range texts {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

package scheme

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"webhookedge/plugins/provider/internal/facts"
	"webhookedge/plugins/provider/internal/handshake"
	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/seal"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// MaxElements bounds the elements of a delivery that are proved one by one.
const MaxElements = 1000

// Verifier checks deliveries by one scheme. It is safe for concurrent use.
type Verifier struct {
	*handshake.Responder
	row       *spec.Provider
	reader    *facts.Reader
	compiled  *Compiled
	keys      []keys.Key
	settings  map[string]string
	strong    []place.Place // signatures of stronger schemes, when this one is weak
	tolerance time.Duration
	ahead     time.Duration // the tolerance of times in the future
	roots     *x509.CertPool
	oracles   []signedtext.Oracle        // what handshakes sign that a delivery could be
	chains    *atomic.Pointer[[]trusted] // newest first
	digests   bool                       // a proof has a digest of the signed content
	opener    *seal.Opener               // of the encrypted payload, nil where it stays as it is
}

// NewVerifier returns a verifier of p, or everything that is wrong with o at once.
// Errors are ErrKey, ErrOption or ErrRow.
func NewVerifier(p *spec.Provider, r *facts.Reader, o Options) (*Verifier, error) {
	s, ok := p.Scheme(o.Scheme)
	if !ok {
		return nil, fmt.Errorf("%w: %s has no scheme of that name", spec.ErrOption, p.Name)
	}
	v := &Verifier{row: p, reader: r, tolerance: o.Tolerance, ahead: o.Tolerance, roots: o.Roots, chains: new(atomic.Pointer[[]trusted])}
	errs := o.faults(p, &s)
	if o.Tolerance == 0 {
		v.tolerance, v.ahead = s.Tolerance(), s.Ahead()
	}
	var err error
	if v.settings, err = p.SettingValues(o.Settings); err != nil {
		errs = append(errs, err)
	}
	if err := p.Unset(&s, v.settings); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	p.Without(&s, v.settings)
	if v.compiled, err = Compile(&s, v.settings); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	v.digests = v.compiled.digests(r)
	if v.keys, err = keys.New(&v.compiled.Scheme, o.Secrets, o.RawKey); err != nil {
		errs = append(errs, err)
	}
	if s.Weak {
		v.strong = strongSignatures(p, v.compiled, v.settings)
	}
	if v.opener, err = OpenerOf(p, &v.compiled.Scheme, v.settings); err != nil {
		errs = append(errs, err)
	}
	if v.Responder, err = handshake.New(p, v.settings, v.newest()); err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	v.oracles = v.compiled.oracles(v.Oracles)
	return v, nil
}

// faults returns what is wrong with o for the scheme s of p, but for its settings and
// secrets.
func (o *Options) faults(p *spec.Provider, s *spec.Scheme) (errs []error) {
	if o.Scheme == "" && s.Weak {
		errs = append(errs, fmt.Errorf("%w: the default scheme of %s is weak, so scheme must name it: %s", spec.ErrOption, p.Name, s.Name))
	}
	if o.Tolerance < 0 || o.Tolerance > spec.MaxTolerance {
		errs = append(errs, fmt.Errorf("%w: tolerance must be from 0 to %s", spec.ErrOption, spec.MaxTolerance))
	}
	if len(o.Secrets) == 0 && !s.Keyless() && !o.Unkeyed {
		errs = append(errs, fmt.Errorf("%w: there is none", spec.ErrKey))
	}
	return errs
}

// newest returns the first shared secret, nil where there is none.
func (v *Verifier) newest() []byte {
	if len(v.keys) == 0 || v.keys[0].Secret == nil {
		return nil
	}
	return v.keys[0].Secret()
}

// strongSignatures are the places of the signatures of schemes that are not
// weak, but for those where weak ones stand, too: there one cannot be beside
// the other.
func strongSignatures(p *spec.Provider, weak *Compiled, settings map[string]string) []place.Place {
	var places []place.Place
	for i := range p.Schemes {
		if p.Schemes[i].Weak {
			continue
		}
		c, err := Compile(&p.Schemes[i], settings)
		if err != nil { // a setting that only it needs
			continue
		}
		for _, f := range c.Families {
			same := func(w Family) bool { return w.Signature == f.Signature }
			if (f.Signature.Kind == place.Header || f.Signature.Kind == place.Query) && !slices.ContainsFunc(weak.Families, same) {
				places = append(places, f.Signature)
			}
		}
	}
	return places
}

// Scheme returns the scheme by which v verifies.
func (v *Verifier) Scheme() spec.Scheme { return v.compiled.Scheme }

// SecretIDs returns the ids that a proof can name.
func (v *Verifier) SecretIDs() []string {
	var ids []string
	for i := range v.keys {
		ids = append(ids, v.keys[i].ID)
	}
	switch {
	case len(ids) > 0:
	case v.compiled.RemoteKeys != nil:
		ids = append(ids, remoteID)
	case v.compiled.Keyless():
		ids = append(ids, pinnedID)
	}
	return slices.Compact(ids) // a secret with two readings has one id
}

// SignsURL reports whether the public URL is a part of what v checks or answers.
func (v *Verifier) SignsURL() bool { return v.row.SignsURL(&v.compiled.Scheme) }

// SignsHost reports whether the host of the public URL is a part of what v checks or
// answers.
func (v *Verifier) SignsHost() bool { return v.row.SignsHost(&v.compiled.Scheme) }

// Tolerance returns how far in the past a signed time may lie, 0 where none is.
func (v *Verifier) Tolerance() time.Duration { return v.tolerance }

// Verify returns what the signature of r proves at the time now. Errors are
// ErrMissing, ErrRepeated, ErrMalformed, ErrBody, ErrDowngrade, ErrMismatch,
// ErrStale and ErrFuture; the last two only where the signature itself is right,
// so that a forger learns nothing of our clock. Where KeyURL names a document of
// keys it must be given to VerifyWith instead.
func (v *Verifier) Verify(r place.Request, now time.Time) (Proof, error) {
	return v.VerifyWith(r, now, nil)
}

// VerifyWith is Verify with the document that KeyURL names. It is ErrKeyDocument
// where that is not what it should be.
func (v *Verifier) VerifyWith(r place.Request, now time.Time, doc []byte) (Proof, error) {
	check, ok := checkers.Get().(*checker)
	if !ok {
		check = new(checker)
	}
	defer check.end()
	check.v, check.now, check.doc, check.request = v, now, doc, r
	check.input.Request = &check.request
	for _, at := range v.strong {
		if _, n := check.input.Get(at); n > 0 {
			return Proof{}, spec.ErrDowngrade
		}
	}
	proof, err := check.proved()
	if err == nil && v.opener != nil {
		err = v.open(&check.request, &proof)
	}
	if err != nil {
		return Proof{}, err
	}
	return proof, nil
}

// proved returns what the signature of the delivery proves.
func (c *checker) proved() (Proof, error) {
	switch s := c.v.compiled; {
	case s.Tokens != nil:
		return c.vouched(&c.request)
	case s.List != nil:
		return c.all(&c.request)
	}
	return c.one(&c.request)
}

// Options are the settings of a Verifier or a Signer.
type Options struct {
	Scheme string // the scheme's name, "" for the row's default
	// Secrets are in the order of trial, newest first. A Verifier wants public
	// keys where a scheme has them, a Signer private ones. A Signer signs with
	// all of them where the layout is a list, else with the first.
	Secrets []keys.Secret
	// Settings are the row's, by name.
	Settings map[string]string
	// Tolerance is the greatest distance of a signed time from now, in both
	// directions; 0 for the scheme's defaults, which may differ for the future. It means nothing to a scheme
	// that signs no time.
	Tolerance time.Duration
	// RawKey uses the text of the secrets undecoded, where Scheme.RawKey says
	// that some senders do.
	RawKey bool
	// Unkeyed allows that there are no secrets, for a provider that hands its
	// secret over in a handshake: every delivery is then refused, and handshakes
	// that need no secret are answered.
	Unkeyed bool
	// Roots are the authorities of certificates that are fetched, nil for the
	// system's.
	Roots *x509.CertPool
}

// maxCopies is the most copies of a body that a scheme makes: a form's fields without
// their escapes, once more as text, sorted, and as the signed text.
const maxCopies = 4

// detachedCopies is the most copies of a body in a JWS whose payload is encoded: the
// library writes it in base64, which is a third longer, twice.
const detachedCopies = 6

// UnprovedCopies returns how many copies of a delivery's body v has in memory at most,
// beside the body itself, before it knows whether the delivery is proved: none where
// the body is hashed as it came.
func (v *Verifier) UnprovedCopies() int {
	s := v.compiled
	if s.Kind == spec.DetachedJWS && !s.Detached.Unencoded {
		return detachedCopies
	}
	if s.Kind != spec.HMAC && s.Signs() || // by a function that wants the whole text
		len(s.Sealed) > 0 || s.Tokens != nil ||
		len(s.Bound) > 0 || // which are compared as texts
		s.Scan != nil || s.List != nil || !s.streams() ||
		slices.ContainsFunc(s.places(), func(at place.Place) bool { return signedtext.InForm(at) || at.Kind == place.Body }) {
		return maxCopies
	}
	return 0
}

// places returns where a delivery of s must hold something, but for its content.
// Those in a JSON body are in s.scan, too.
func (s *Compiled) places() []place.Place {
	var all []place.Place
	for i := range s.Families {
		f := &s.Families[i]
		all = append(append(all, f.Signature, f.Timestamp, f.ID), f.also...)
	}
	for i := range s.Expected {
		all = append(all, s.Expected[i].At)
	}
	if s.RemoteKeys != nil {
		all = append(all, s.RemoteKeys.At, s.RemoteKeys.keyID)
	}
	return all
}

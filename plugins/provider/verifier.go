package provider

import (
	"crypto/hmac"
	"errors"
	"fmt"
	"time"
)

// Options are the settings of a Verifier or a Signer.
type Options struct {
	Scheme string // the scheme's name, "" for the row's default
	// Secrets are in the order of trial, newest first. A Signer signs with all
	// of them where the layout is a list, else with the first.
	Secrets []Secret
	// Tolerance is the greatest distance of a signed time from now, in both
	// directions; 0 for the scheme's default. It means nothing to a scheme
	// that signs no time.
	Tolerance time.Duration
	// RawKey uses the text of the secrets undecoded, where Scheme.RawKey says
	// that some senders do.
	RawKey bool
}

// Secret is what the provider and we share. ID is a name for logs and metrics;
// without one it is the position, from "1".
type Secret struct {
	ID    string
	Value string
}

// MaxTolerance bounds Options.Tolerance. No sender documents more than an
// hour; a day leaves room for a custom one.
const MaxTolerance = 24 * time.Hour

// Verifier checks signatures by one scheme. It is safe for concurrent use.
type Verifier struct {
	scheme    Scheme
	families  []family
	content   template
	keys      []key
	strong    []string // headers of stronger schemes, when this one is weak
	tolerance time.Duration
}

// Verifier returns a verifier, or everything that is wrong with o at once.
// Errors are ErrKey, ErrOption or ErrRow.
func (p *Provider) Verifier(o Options) (*Verifier, error) {
	s, ok := p.Scheme(o.Scheme)
	if !ok {
		return nil, fmt.Errorf("%w: %s has no scheme of that name", ErrOption, p.Name)
	}
	v := &Verifier{scheme: s, tolerance: o.Tolerance}
	var errs []error
	if o.Tolerance < 0 || o.Tolerance > MaxTolerance {
		errs = append(errs, fmt.Errorf("%w: tolerance must be from 0 to %s", ErrOption, MaxTolerance))
	}
	if o.Tolerance == 0 {
		v.tolerance = s.Tolerance
	}
	var err error
	if v.families, v.content, err = s.compile(); err != nil {
		errs = append(errs, err)
	}
	if v.keys, err = newKeys(&s, o); err != nil {
		errs = append(errs, err)
	}
	if s.Weak {
		v.strong = p.strongHeaders()
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return v, nil
}

func (p *Provider) strongHeaders() []string {
	var headers []string
	for i := range p.Schemes {
		if s := &p.Schemes[i]; !s.Weak {
			headers = append(headers, s.Header)
			for _, f := range s.Alternates {
				headers = append(headers, f.Header)
			}
		}
	}
	return headers
}

// Scheme returns the scheme by which v verifies.
func (v *Verifier) Scheme() Scheme { return v.scheme }

// Verify returns what the signature of r proves at the time now. Errors are
// ErrMissing, ErrRepeated, ErrMalformed, ErrDowngrade, ErrMismatch, ErrStale
// and ErrFuture; the last two only where the signature itself is right, so
// that a forger learns nothing of our clock.
func (v *Verifier) Verify(r Request, now time.Time) (Proof, error) {
	for _, name := range v.strong {
		if _, n := r.Headers.Get(name); n > 0 {
			return Proof{}, ErrDowngrade
		}
	}
	var in signed
	if err := v.read(&r, &in); err != nil {
		return Proof{}, err
	}
	matched := -1
	for i := range v.keys {
		if v.keys[i].matches(&v.content, &r, &in) {
			matched = i
			break
		}
	}
	if matched < 0 {
		return Proof{}, ErrMismatch
	}
	if v.families[0].timestamp.kind != atNothing {
		if err := v.fresh(in.at, now); err != nil {
			return Proof{}, err
		}
	}
	return Proof{Scheme: v.scheme.Name, SecretID: v.keys[matched].id, ID: in.id, Timestamp: in.at}, nil
}

func (v *Verifier) fresh(at, now time.Time) error {
	switch {
	case now.Sub(at) > v.tolerance:
		return ErrStale
	case at.Sub(now) > v.tolerance:
		return ErrFuture
	}
	return nil
}

// read takes the signed values and the signatures from the headers of r.
func (v *Verifier) read(r *Request, in *signed) error {
	f, header, err := v.family(r.Headers)
	if err != nil {
		return err
	}
	if f.id.kind != atNothing {
		if in.id, err = one(r.Headers, f.id.name, maxID); err != nil {
			return err
		}
		if !v.content.separates(in.id) {
			return ErrMalformed
		}
	}
	if f.timestamp.kind == atHeader {
		if in.timestamp, err = one(r.Headers, f.timestamp.name, maxTimestamp); err != nil {
			return err
		}
	}
	if err := v.scheme.signatures(header, f.timestamp, in); err != nil {
		return err
	}
	if f.timestamp.kind == atNothing {
		return nil
	}
	if in.timestamp == "" {
		return ErrMissing
	}
	var ok bool
	if in.at, ok = parseTime(in.timestamp, v.scheme.TimeUnit); !ok {
		return ErrMalformed
	}
	return nil
}

// family picks the one family of headers that the delivery uses.
func (v *Verifier) family(h Headers) (f *family, header string, err error) {
	for i := range v.families {
		if _, n := h.Get(v.families[i].header); n > 0 {
			if f != nil {
				return nil, "", ErrRepeated
			}
			f = &v.families[i]
		}
	}
	if f == nil {
		return nil, "", ErrMissing
	}
	header, err = one(h, f.header, maxHeader)
	return f, header, err
}

// one returns the value of a header that must stand alone.
func one(h Headers, name string, most int) (string, error) {
	value, n := h.Get(name)
	switch {
	case n == 0, n == 1 && value == "":
		return "", ErrMissing
	case n > 1:
		return "", ErrRepeated
	case len(value) > most:
		return "", ErrMalformed
	}
	return value, nil
}

// matches reports whether k made one of the signatures. All of them are
// compared, each in constant time.
func (k *key) matches(t *template, r *Request, in *signed) bool {
	m := k.macs.get()
	defer k.macs.put(m)
	sum := m.sum(t, r, in)
	found := false
	for i := range in.n {
		if hmac.Equal(sum, in.signatures[i][:len(sum)]) {
			found = true
		}
	}
	return found
}

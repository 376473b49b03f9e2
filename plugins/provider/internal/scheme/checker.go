package scheme

import (
	"crypto/hmac"
	"fmt"
	"sync"
	"time"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// checker verifies one delivery. What it needs for that is used again for later ones:
// it would be most of what the garbage collector has of a small delivery.
type checker struct {
	v   *Verifier
	now time.Time
	doc []byte

	request place.Request
	input   signedtext.Input
	found   signed
}

var checkers sync.Pool // of *checker

// end forgets the delivery.
func (c *checker) end() {
	*c = checker{}
	checkers.Put(c)
}

// all verifies each element of a list in the body. The proof is that of the
// last one, but for what only one element says.
func (c *checker) all(r *place.Request) (Proof, error) {
	_, list, err := c.v.elements(r)
	if err != nil {
		return Proof{}, err
	}
	var proof Proof
	for _, item := range list.Items {
		element := *r
		element.Body = item
		if proof, err = c.one(&element); err != nil {
			return Proof{}, err
		}
	}
	proof.ID = ""
	return proof, nil
}

// elements returns the JSON body of r and the list of its elements, which are some.
func (v *Verifier) elements(r *place.Request) (body []byte, list jsonscan.List, err error) {
	body, err = v.row.DuplicateKeys.Once(place.WithoutBOM(r.Body), jsonscan.Unproved())
	if err == nil {
		_, err = jsonscan.ScanUnproved(body, nil)
	}
	found := false
	if err == nil {
		list, found, err = v.compiled.List.Find(body, MaxElements)
	}
	switch {
	case err != nil:
		return nil, list, fmt.Errorf("%w: %w", spec.ErrBody, err)
	case !found || len(list.Items) == 0:
		return nil, list, spec.ErrMissing
	}
	return body, list, nil
}

// one verifies a delivery, or an element of one.
func (c *checker) one(r *place.Request) (Proof, error) {
	s, v := c.v.compiled, &c.input
	c.found = signed{}
	*v = signedtext.Input{Values: place.Values{Request: r, Bodies: c.v.reader.Bodies, Settings: c.v.settings}, Stamp: &c.found.Stamp}
	v.Take()
	if err := v.ScanBody(s.Scan, s.ReadsBody()); err != nil {
		return Proof{}, err
	}
	var err error
	if s.Text.Sealed() {
		if v.Sealed, err = s.sealedText(&v.Values, place.MaxHeader); err != nil {
			return Proof{}, err
		}
	}
	f, text, err := s.claimed(&v.Values)
	if err != nil {
		return Proof{}, err
	}
	switch s.Kind {
	case spec.HTTPSignature:
		return c.message(v, f)
	case spec.DetachedJWS:
		return c.detached(v, f, text)
	}
	if !s.Signs() {
		return c.present(v, f, text)
	}
	return c.signed(v, f, text)
}

// claimed checks what must hold before a signature is looked at, and returns where
// that stands.
func (s *Compiled) claimed(v *place.Values) (*Family, string, error) {
	if err := s.expects(v); err != nil {
		return nil, "", err
	}
	return s.family(v)
}

// expects checks what must stand in a delivery, or in an element of one.
func (s *Compiled) expects(v *place.Values) error {
	for _, e := range s.Expected {
		if text, err := v.One(e.At, place.MaxHeader); err != nil {
			return err
		} else if !hmac.Equal([]byte(text), []byte(e.Is)) { // it may be a secret
			return fmt.Errorf("%w: %s:%s is not what it must be", spec.ErrMalformed, e.At.Kind, e.At.Name)
		}
	}
	return nil
}

// ReadsBody reports whether a place of s is in a JSON body that must be there.
func (s *Compiled) ReadsBody() bool {
	for i := range s.Families {
		f := &s.Families[i]
		if f.Signature.Kind == place.JSON || f.Timestamp.Kind == place.JSON || f.ID.Kind == place.JSON {
			return true
		}
	}
	return false
}

// family picks the one family of places that the delivery uses, and returns what
// stands at its signature.
func (s *Compiled) family(v *place.Values) (f *Family, text string, err error) {
	for i := range s.Families {
		if !s.there(v, &s.Families[i]) {
			continue
		}
		if f != nil {
			return nil, "", spec.ErrRepeated
		}
		f = &s.Families[i]
		if s.FirstWins {
			break
		}
	}
	if f == nil {
		return nil, "", spec.ErrMissing
	}
	if s.Layout == spec.Numbered || s.Lines || s.Kind == spec.HTTPSignature {
		return f, "", nil
	}
	if text, n := v.Get(f.Signature); n == 0 || n == 1 && text == "" && len(f.also) > 0 { // one of Also is there
		return f, "", nil
	}
	text, err = v.One(f.Signature, s.longest(f))
	return f, text, err
}

// longest returns how many bytes may stand at the signature of f.
func (s *Compiled) longest(f *Family) int {
	switch {
	case s.Kind == spec.JSONToken && (f.Signature.Kind == place.Body || f.Signature.Kind == place.JSON):
		return place.MaxBodyToken
	case s.Kind == spec.JSONToken:
		return place.MaxToken
	}
	return place.MaxHeader
}

func (s *Compiled) there(v *place.Values, f *Family) bool {
	if s.Layout == spec.Numbered {
		_, n := v.Request.Headers.Get(f.numbers[0])
		return n > 0
	}
	if _, n := v.Get(f.Signature); n > 0 {
		return true
	}
	for _, at := range f.also {
		if _, n := v.Get(at); n > 0 {
			return true
		}
	}
	return false
}

// read takes the signed values and the signatures of r.
func (s *Compiled) read(v *place.Values, in *signed, f *Family, text string) error {
	if err := f.stamp(v, in); err != nil {
		return err
	}
	if err := s.allSignatures(v, in, f, text); err != nil {
		return err
	}
	if !s.Text.Separates(in.ID, signedtext.PartID) || !s.Text.Separates(in.Timestamp, signedtext.PartTimestamp) {
		return spec.ErrMalformed
	}
	return s.when(f, in)
}

// stamp takes the signed id and the signed time, but for a time among the signatures.
func (f *Family) stamp(v *place.Values, in *signed) (err error) {
	if f.ID.Kind != place.Nothing {
		if in.ID, err = v.One(f.ID, place.MaxID); err != nil {
			return err
		}
	}
	if f.Timestamp.Kind != place.Nothing && f.Timestamp.Kind != place.Pair {
		in.Timestamp, err = v.One(f.Timestamp, place.MaxTimestamp)
	}
	return err
}

// when reads the signed time.
func (s *Compiled) when(f *Family, in *signed) error {
	if f.Timestamp.Kind == place.Nothing {
		return nil
	}
	if in.Timestamp == "" {
		return spec.ErrMissing
	}
	var ok bool
	if in.at, ok = spec.ParseTime(in.Timestamp, s.TimeUnit); !ok {
		return spec.ErrMalformed
	}
	return nil
}

func (s *Compiled) allSignatures(v *place.Values, in *signed, f *Family, text string) error {
	if s.Layout == spec.Numbered {
		return s.numbered(v.Request.Headers, f, in)
	}
	if s.Lines {
		return s.lines(v.Request.Headers, f.Signature.Name, f, in)
	}
	if text != "" {
		if err := s.signatures(text, f, in); err != nil {
			return err
		}
	}
	for _, at := range f.also {
		if text, n := v.Get(at); n == 0 || n == 1 && text == "" {
			continue
		}
		more, err := v.One(at, place.MaxHeader)
		if err != nil {
			return err
		}
		if err := s.signatures(more, f, in); err != nil {
			return err
		}
	}
	return in.some()
}

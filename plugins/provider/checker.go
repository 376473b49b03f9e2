package provider

import (
	"fmt"
	"sync"
	"time"

	"webhookedge/plugins/internal/jsonscan"
)

// checker verifies one delivery. What it needs for that is used again for later ones:
// it would be most of what the garbage collector has of a small delivery.
type checker struct {
	v   *Verifier
	now time.Time
	doc []byte

	request Request
	values  values
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
func (c *checker) all(r *Request) (Proof, error) {
	body, err := c.v.row.DuplicateKeys.Once(WithoutBOM(r.Body), jsonscan.Unproved())
	if err == nil {
		_, err = jsonscan.ScanUnproved(body, nil)
	}
	if err != nil {
		return Proof{}, fmt.Errorf("%w: %w", ErrBody, err)
	}
	list, found, err := c.v.each.Find(body, maxElements)
	switch {
	case err != nil:
		return Proof{}, fmt.Errorf("%w: %w", ErrBody, err)
	case !found || len(list.Items) == 0:
		return Proof{}, ErrMissing
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

// one verifies a delivery, or an element of one.
func (c *checker) one(r *Request) (Proof, error) {
	s, v := c.v.scheme, &c.values
	c.found = signed{}
	*v = values{r: r, in: &c.found, settings: c.v.settings}
	v.take(c.v.row)
	if err := v.scanBody(s); err != nil {
		return Proof{}, err
	}
	f, text, err := s.claimed(v)
	if err != nil {
		return Proof{}, err
	}
	if !s.signs() {
		return c.present(v, f, text)
	}
	return c.signed(v, f, text)
}

// claimed checks what must hold before a signature is looked at, and returns where
// that stands.
func (s *scheme) claimed(v *values) (*family, string, error) {
	for _, e := range s.expect {
		if text, err := v.one(e.at, maxHeader); err != nil {
			return nil, "", err
		} else if text != e.is {
			return nil, "", fmt.Errorf("%w: %s:%s is not what it must be", ErrMalformed, e.at.kind, e.at.name)
		}
	}
	return s.family(v)
}

// readsBody reports whether a place of s is in a JSON body that must be there.
func (s *scheme) readsBody() bool {
	for i := range s.families {
		f := &s.families[i]
		if f.signature.kind == atJSON || f.timestamp.kind == atJSON || f.id.kind == atJSON {
			return true
		}
	}
	return false
}

// family picks the one family of places that the delivery uses, and returns what
// stands at its signature.
func (s *scheme) family(v *values) (f *family, text string, err error) {
	for i := range s.families {
		if !s.there(v, &s.families[i]) {
			continue
		}
		if f != nil {
			return nil, "", ErrRepeated
		}
		f = &s.families[i]
	}
	if f == nil {
		return nil, "", ErrMissing
	}
	if s.Layout == Numbered || s.Lines {
		return f, "", nil
	}
	if text, n := v.get(f.signature); n == 0 || n == 1 && text == "" && len(f.also) > 0 { // one of Also is there
		return f, "", nil
	}
	most := maxHeader
	if s.Kind == JSONToken {
		most = maxToken
	}
	text, err = v.one(f.signature, most)
	return f, text, err
}

func (s *scheme) there(v *values, f *family) bool {
	if s.Layout == Numbered {
		_, n := v.r.Headers.Get(f.numbers[0])
		return n > 0
	}
	if _, n := v.get(f.signature); n > 0 {
		return true
	}
	for _, at := range f.also {
		if _, n := v.get(at); n > 0 {
			return true
		}
	}
	return false
}

// read takes the signed values and the signatures of r.
func (s *scheme) read(v *values, f *family, text string) error {
	in := v.in
	var err error
	if f.id.kind != atNothing && f.id.kind != atClaim {
		if in.id, err = v.one(f.id, maxID); err != nil {
			return err
		}
	}
	switch f.timestamp.kind {
	case atNothing, atPair, atClaim:
	default:
		if in.timestamp, err = v.one(f.timestamp, maxTimestamp); err != nil {
			return err
		}
	}
	if err := s.allSignatures(v, f, text); err != nil {
		return err
	}
	if !s.content.separates(in.id, partID) || !s.content.separates(in.timestamp, partTimestamp) {
		return ErrMalformed
	}
	return s.when(f, in)
}

// when reads the signed time.
func (s *scheme) when(f *family, in *signed) error {
	if f.timestamp.kind == atNothing {
		return nil
	}
	if in.timestamp == "" {
		return ErrMissing
	}
	var ok bool
	if in.at, ok = parseTime(in.timestamp, s.TimeUnit); !ok {
		return ErrMalformed
	}
	return nil
}

func (s *scheme) allSignatures(v *values, f *family, text string) error {
	if s.Layout == Numbered {
		return s.numbered(v.r.Headers, f, v.in)
	}
	if s.Lines {
		return s.lines(v.r.Headers, f.signature.name, f, v.in)
	}
	if text != "" {
		if err := s.signatures(text, f, v.in); err != nil {
			return err
		}
	}
	for _, at := range f.also {
		if text, n := v.get(at); n == 0 || n == 1 && text == "" {
			continue
		}
		more, err := v.one(at, maxHeader)
		if err != nil {
			return err
		}
		if err := s.signatures(more, f, v.in); err != nil {
			return err
		}
	}
	return v.in.some()
}

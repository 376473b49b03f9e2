package scheme

import (
	"crypto/hmac"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// Proof is what a verified signature proves.
type Proof struct {
	Scheme    string    // the scheme's name
	SecretID  string    // id of the secret that matched
	ID        string    // delivery id, only where the signature covers it
	Timestamp time.Time // only where the signature covers it, else zero
	// Covers is what of the delivery the proof covers, sorted: see CoversBody and its
	// neighbours. It is shared and must not be changed.
	Covers []string
	// Signed is the digest of the signed content without what changes when the
	// provider tries again, such as the time: two deliveries of one content have one.
	// It is zero where the row's identity needs none or nothing of the content is
	// signed.
	Signed signedtext.Digested
	// Payload is the delivery's body where that came encrypted, decrypted; else nil.
	Payload []byte
}

// signed verifies a signature over a text.
func (c *checker) signed(v *signedtext.Input, f *Family, text string) (Proof, error) {
	s := c.v.compiled
	if err := s.read(&v.Values, &c.found, f, text); err != nil {
		return Proof{}, err
	}
	content := s.TextFor(v.IsForm)
	prove := c.asymmetric
	if s.SharesKey() {
		prove = c.symmetric
	}
	id, signed, err := prove(v, content)
	if err != nil {
		return Proof{}, err
	}
	if err := c.answered(v, signed); err != nil {
		return Proof{}, err
	}
	if err := c.bound(v); err != nil {
		return Proof{}, err
	}
	return c.fresh(f, v, id)
}

// symmetric tries the shared keys, and returns the text that was signed. All signatures
// are compared, each in constant time.
func (c *checker) symmetric(v *signedtext.Input, content *signedtext.Template) (string, *signedtext.Template, error) {
	variants := c.v.compiled.variants
	for n := range 1 + len(variants) {
		if n > 0 {
			content = variants[n-1].textFor(v.IsForm)
		}
		for i := range c.v.keys {
			k := &c.v.keys[i]
			if !k.Valid(c.now) {
				continue
			}
			v.Key = k.Secret()
			found, err := c.madeWith(k, v, content)
			if err != nil {
				return "", nil, err
			}
			if found {
				return k.ID, content, nil
			}
		}
	}
	return "", nil, spec.ErrMismatch
}

// madeWith reports whether a signature of the delivery is the HMAC or digest by k.
func (c *checker) madeWith(k *keys.Key, v *signedtext.Input, content *signedtext.Template) (bool, error) {
	if c.v.compiled.Kind == spec.Digest {
		text, err := content.Text(v)
		return err == nil && c.found.holds([]byte(c.v.compiled.Hash.Sum(text))), err
	}
	pool := k.MACsOf(c.found.hash)
	m := pool.Get()
	defer pool.Put(m)
	sum, err := m.SumOf(content, v)
	return err == nil && c.found.holds(sum), err
}

func (in *signed) holds(sum []byte) bool {
	found := false
	for i := range in.n {
		if hmac.Equal(sum, in.signatures[i][:len(sum)]) {
			found = true
		}
	}
	return found
}

// asymmetric tries the public keys.
func (c *checker) asymmetric(v *signedtext.Input, content *signedtext.Template) (string, *signedtext.Template, error) {
	text, err := content.Text(v)
	if err != nil {
		return "", nil, err
	}
	all, err := c.publicKeys()
	if err != nil {
		return "", nil, err
	}
	digest := keys.Digest(&c.v.compiled.Scheme, []byte(text))
	left := keys.MaxAttempts
	for _, k := range all {
		for _, p := range k.keys {
			for _, signature := range c.found.long {
				if left--; left < 0 {
					return "", nil, spec.ErrMismatch
				}
				if keys.Proves(&c.v.compiled.Scheme, p.Key, digest, signature) {
					return k.ID, content, nil
				}
			}
		}
	}
	return "", nil, spec.ErrMismatch
}

// bound checks the values that must equal something of the request, of which only one made
// of the body may be absent, and that nothing of the body is left unsigned by a scheme that signs bodies.
func (c *checker) bound(v *signedtext.Input) error {
	s := c.v.compiled
	for i := range s.Bound {
		if err := s.binds(&s.Bound[i], v); err != nil {
			return err
		}
	}
	if len(s.Bound) == 0 && s.Signs() && !s.BodyUnsigned && len(v.Request.Body) > 0 && !s.TextFor(v.IsForm).CoversBody(v.IsForm) {
		return spec.ErrBody // what is signed is a form, and this is none
	}
	return nil
}

// binds checks that the value of b equals its text.
func (s *Compiled) binds(b *bind, v *signedtext.Input) error {
	text, n := v.Get(b.At)
	if n == 0 && b.Text.Has(signedtext.PartBody) && (len(v.Request.Body) == 0 || s.TextFor(v.IsForm).CoversBody(v.IsForm)) {
		return nil
	}
	if b.padded {
		text = strings.TrimRight(text, "=")
	}
	want, err := b.Text.Text(v)
	switch {
	case err != nil:
		return err
	case n > 1:
		return spec.ErrRepeated
	case n == 0 || !hmac.Equal([]byte(text), []byte(want)):
		return spec.ErrMismatch
	}
	return nil
}

func (c *checker) fresh(f *Family, v *signedtext.Input, keyID string) (Proof, error) {
	in := &c.found
	if f.Timestamp.Kind != place.Nothing {
		switch {
		case c.now.Sub(in.at) > c.v.tolerance:
			return Proof{}, spec.ErrStale
		case in.at.Sub(c.now) > c.v.ahead:
			return Proof{}, spec.ErrFuture
		}
	}
	proof := Proof{Scheme: c.v.compiled.Name, SecretID: keyID, ID: in.ID, Timestamp: in.at, Covers: f.covers.other}
	if v.IsForm || len(v.Request.Body) > 0 && c.v.compiled.Text.Has(signedtext.PartParams) { // the members of JSON are signed as a form's fields
		proof.Covers = f.covers.formText
	}
	if c.v.digests && c.v.compiled.List == nil { // that of one element says nothing of the others
		proof.Signed = c.v.compiled.TextFor(v.IsForm).Digest(v, len(c.v.compiled.Bound) > 0 || c.v.compiled.Message.Covers(spec.ContentDigest), c.v.reader.Lasting)
	}
	return proof, nil
}

// oracles returns what handshakes sign that a delivery of s could be.
func (s *Compiled) oracles(all []signedtext.Oracle) []signedtext.Oracle {
	var some []signedtext.Oracle
	for _, o := range all {
		if s.Kind == spec.HMAC && (slices.ContainsFunc(append(s.contents(false), s.contents(true)...), o.CouldSign)) {
			some = append(some, o)
		}
	}
	return some
}

// answered is ErrAnswered where a handshake would sign the text of a delivery.
func (c *checker) answered(v *signedtext.Input, content *signedtext.Template) error {
	for i := range c.v.oracles {
		o := &c.v.oracles[i]
		if content.Has(signedtext.PartBody) && len(v.Request.Body) > signedtext.MaxSignedChallenge+len(o.Before)+len(o.After) {
			continue
		}
		text, err := content.Text(v)
		if err != nil {
			return err
		}
		if o.Signs(text) {
			return spec.ErrAnswered
		}
	}
	return nil
}

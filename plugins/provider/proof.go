package provider

import "crypto/hmac"

// signed verifies a signature over a text.
func (c *checker) signed(v *values, f *family, text string) (Proof, error) {
	s := c.v.scheme
	if err := s.read(v, f, text); err != nil {
		return Proof{}, err
	}
	content := s.textFor(v.isForm)
	var id string
	var err error
	switch s.Kind {
	case HMAC:
		id, err = c.hmac(v, content)
	case Digest:
		id, err = c.digest(v, content)
	default:
		id, err = c.asymmetric(v, content)
	}
	if err != nil {
		return Proof{}, err
	}
	if err := c.answered(v, content); err != nil {
		return Proof{}, err
	}
	if err := c.bound(v); err != nil {
		return Proof{}, err
	}
	return c.fresh(f, v, id)
}

// hmac tries the keys. All signatures are compared, each in constant time.
func (c *checker) hmac(v *values, content *template) (string, error) {
	for i := range c.v.keys {
		k := &c.v.keys[i]
		if !k.valid(c.now) {
			continue
		}
		v.key = k.secret()
		m := k.macs.get()
		sum, err := m.sum(content, v)
		found := err == nil && v.in.holds(sum)
		k.macs.put(m)
		if err != nil {
			return "", err
		}
		if found {
			return k.id, nil
		}
	}
	return "", ErrMismatch
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

func (c *checker) digest(v *values, content *template) (string, error) {
	for i := range c.v.keys {
		k := &c.v.keys[i]
		if !k.valid(c.now) {
			continue
		}
		v.key = k.secret()
		text, err := content.string(v)
		if err != nil {
			return "", err
		}
		if v.in.holds([]byte(c.v.scheme.Hash.sum(text))) {
			return k.id, nil
		}
	}
	return "", ErrMismatch
}

// asymmetric tries the public keys.
func (c *checker) asymmetric(v *values, content *template) (string, error) {
	text, err := content.string(v)
	if err != nil {
		return "", err
	}
	keys, err := c.publicKeys()
	if err != nil {
		return "", err
	}
	digest := c.v.scheme.digest([]byte(text))
	left := maxAttempts
	for _, k := range keys {
		for _, p := range k.keys {
			for _, signature := range v.in.long {
				if left--; left < 0 {
					return "", ErrMismatch
				}
				if c.v.scheme.proves(p.key, digest, signature) {
					return k.id, nil
				}
			}
		}
	}
	return "", ErrMismatch
}

// bound checks the values that must equal something of the request, and that nothing
// of the body is left unsigned by a scheme that signs bodies.
func (c *checker) bound(v *values) error {
	s := c.v.scheme
	for i := range s.binds {
		b := &s.binds[i]
		text, n := v.get(b.at)
		if n == 0 && (len(v.r.Body) == 0 || s.textFor(v.isForm).coversBody(v.isForm)) {
			continue
		}
		want, err := b.content.string(v)
		switch {
		case err != nil:
			return err
		case n > 1:
			return ErrRepeated
		case n == 0 || !hmac.Equal([]byte(text), []byte(want)):
			return ErrMismatch
		}
	}
	if len(s.binds) == 0 && s.signs() && !s.BodyUnsigned && len(v.r.Body) > 0 && !s.textFor(v.isForm).coversBody(v.isForm) {
		return ErrBody // what is signed is a form, and this is none
	}
	return nil
}

func (c *checker) fresh(f *family, v *values, keyID string) (Proof, error) {
	in := v.in
	if f.timestamp.kind != atNothing {
		switch {
		case c.now.Sub(in.at) > c.v.tolerance:
			return Proof{}, ErrStale
		case in.at.Sub(c.now) > c.v.tolerance:
			return Proof{}, ErrFuture
		}
	}
	proof := Proof{Scheme: c.v.scheme.Name, SecretID: keyID, ID: in.id, Timestamp: in.at, Covers: f.covers.other}
	if v.isForm {
		proof.Covers = f.covers.form
	}
	if c.v.digests && c.v.each == nil { // that of one element says nothing of the others

		proof.Signed = c.v.contentDigest(v)
	}
	return proof, nil
}

// separates reports whether a value leaves the borders of the signed text where
// they are.
func (t *template) separates(text string, name partName) bool {
	for i := range t.segments {
		for j := range t.segments[i].parts {
			if p := &t.segments[i].parts[j]; p.name == name && !separates(text, p.borders) {
				return false
			}
		}
	}
	return true
}

package scheme

import (
	"crypto/hmac"
	"fmt"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/internal/structured"
	"webhookedge/plugins/provider/spec"
)

// InputHeader is the header that says what each signature of a message covers (RFC 9421
// section 4.1).
const InputHeader = "signature-input"

// maxFields bounds each of the two headers of signatures in bytes: several signatures of
// RSA fit.
const maxFields = 2 * place.MaxHeader

// messageSignature is the signature of a message that counts.
type messageSignature struct {
	input     *structured.Member
	signature []byte
}

// message verifies an HTTP message signature (RFC 9421) and what it covers of the body.
func (c *checker) message(v *signedtext.Input, f *Family) (Proof, error) {
	s := c.v.compiled
	m, err := s.chosen(v.Request)
	if err != nil {
		return Proof{}, err
	}
	if err := s.asks(m.input, v.Request); err != nil {
		return Proof{}, err
	}
	if err := f.stamp(&v.Values, &c.found); err != nil {
		return Proof{}, err
	}
	if f.Timestamp.Kind == place.Pair {
		c.found.Timestamp = m.text(f.Timestamp.Name)
	}
	if err := s.when(f, &c.found); err != nil {
		return Proof{}, err
	}
	base, err := SignatureBase(v.Request, m.input)
	if err != nil {
		return Proof{}, err
	}
	id, err := c.messageKey(m, base)
	if err != nil {
		return Proof{}, err
	}
	if err := s.digested(m.input, v.Request); err != nil {
		return Proof{}, err
	}
	if err := c.unexpired(m); err != nil {
		return Proof{}, err
	}
	return c.fresh(f, v, id)
}

// text returns the text of a parameter, "" where there is none.
func (m *messageSignature) text(name string) string {
	value, _ := m.input.Param(name)
	return value.Text
}

// field reads the dictionary that a header of the request is. Several lines are one
// (RFC 8941 section 4.2).
func field(r *place.Request, name string) ([]structured.Member, error) {
	text, n := r.Headers.Get(name)
	switch lines, ok := r.Headers.(place.AllLines); {
	case n == 0 || n == 1 && text == "":
		return nil, spec.ErrMissing
	case n > 1 && !ok:
		return nil, spec.ErrRepeated
	case n > 1:
		text = strings.Join(lines.All(name), ", ")
	}
	if len(text) > maxFields {
		return nil, spec.ErrMalformed
	}
	all, err := structured.Dictionary(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", spec.ErrMalformed, name, err)
	}
	return all, nil
}

// chosen returns the signature that counts: that of the label or the tag of s or, where
// it has neither, the only one.
func (s *Compiled) chosen(r *place.Request) (*messageSignature, error) {
	inputs, err := field(r, InputHeader)
	if err != nil {
		return nil, err
	}
	signatures, err := field(r, s.Families[0].Signature.Name)
	if err != nil {
		return nil, err
	}
	input, err := s.chosenInput(inputs)
	if err != nil {
		return nil, err
	}
	found := structured.Find(signatures, input.Name)
	if found == nil {
		return nil, spec.ErrMissing
	}
	if slices.ContainsFunc(signatures, func(m structured.Member) bool { return m.Kind != structured.Bytes || m.IsList || len(m.Params) > 0 }) {
		return nil, spec.ErrMalformed
	}
	signature, ok := s.bytes(&found.Item)
	if !ok || !input.IsList {
		return nil, spec.ErrMalformed
	}
	return &messageSignature{input, signature}, nil
}

// chosenInput returns the input of the signature that counts.
func (s *Compiled) chosenInput(all []structured.Member) (input *structured.Member, err error) {
	for i := range all {
		tag, _ := all[i].Param("tag")
		if s.Message.Label != "" && all[i].Name != s.Message.Label || s.Message.Tag != "" && (tag.Kind != structured.String || tag.Text != s.Message.Tag) {
			continue
		}
		if input != nil {
			return nil, spec.ErrRepeated
		}
		input = &all[i]
	}
	if input == nil {
		return nil, spec.ErrMissing
	}
	return input, nil
}

// bytes decodes a byte sequence in one of the spellings that s takes.
func (s *Compiled) bytes(i *structured.Item) ([]byte, bool) {
	if i.Kind != structured.Bytes {
		return nil, false
	}
	b, ok := spec.Base64.Decode(i.Text)
	if !ok && s.Message.Base64URL {
		b, ok = spec.Base64URLRaw.Decode(i.Text)
	}
	return b, ok
}

// asks checks that a signature covers what s asks for, and that its parameters are there
// and of their kind.
func (s *Compiled) asks(input *structured.Member, r *place.Request) error {
	plain := func(name string) bool {
		return slices.ContainsFunc(input.Items, func(i structured.Item) bool { return i.Text == name && wholeField(&i) })
	}
	for _, c := range s.Message.Components {
		name, optional := strings.CutSuffix(c, "?")
		if optional && !InMessage(r, name) {
			continue
		}
		if !slices.ContainsFunc(strings.Split(name, "|"), plain) {
			return fmt.Errorf("%w: the signature does not cover %s", spec.ErrMalformed, name)
		}
	}
	kinds := map[string]structured.Kind{"created": structured.Integer, "expires": structured.Integer, "keyid": structured.String, "nonce": structured.String, "alg": structured.String, "tag": structured.String}
	for _, p := range input.Params {
		if kind, known := kinds[p.Name]; known && (p.Kind != kind || p.Text == "") {
			return spec.ErrMalformed
		}
	}
	for _, name := range s.Message.Parameters {
		if _, ok := input.Param(name); !ok {
			return fmt.Errorf("%w: the signature has no parameter %s", spec.ErrMalformed, name)
		}
	}
	return nil
}

// InMessage reports whether a delivery has a component, of a choice the last.
func InMessage(r *place.Request, choice string) bool {
	name := choice[strings.LastIndexByte(choice, '|')+1:]
	if name == "@query" {
		return strings.Contains(r.URL, "?")
	}
	_, n := r.Headers.Get(name)
	return n > 0
}

// messageKey finds the key of a signature, and returns its id. The algorithm is that of
// the key, and what the message names must be the same.
func (c *checker) messageKey(m *messageSignature, base string) (string, error) {
	s := c.v.compiled
	if s.SharesKey() {
		return c.messageMAC(m, base)
	}
	of := func(p *keys.PublicKey) spec.MessageAlgorithm { return keys.MessageAlgorithm(p, s.Message.Algorithms) }
	fits := func(p *keys.PublicKey) bool { a := of(p); return a != "" && m.names(string(a), p.ID) }
	return c.provedBy(fits, func(p *keys.PublicKey) bool { return keys.ProvesMessage(of(p), p.Key, base, m.signature) })
}

// names reports whether the message names an algorithm and the id of a key, where it
// names any and the key has one.
func (m *messageSignature) names(algorithm, id string) bool {
	named, kid := m.text("alg"), m.text("keyid")
	return (named == "" || named == algorithm) && (kid == "" || id == "" || kid == id)
}

// messageMAC finds the shared key of a signature.
func (c *checker) messageMAC(m *messageSignature, base string) (string, error) {
	if !m.names(string(spec.MessageHMAC), "") {
		return "", spec.ErrMismatch
	}
	for i := range c.v.keys {
		k := &c.v.keys[i]
		if k.Valid(c.now) && hmac.Equal(keys.MessageMAC(k.Secret(), base), m.signature) {
			return k.ID, nil
		}
	}
	return "", spec.ErrMismatch
}

// digested checks the body against the digests that are covered (RFC 9530). One that is
// known must be there, and of all that are known each must be right.
func (s *Compiled) digested(input *structured.Member, r *place.Request) error {
	if !slices.ContainsFunc(input.Items, func(i structured.Item) bool { return i.Text == spec.ContentDigest }) {
		return nil // which a scheme that covers bodies does not let pass
	}
	all, err := field(r, spec.ContentDigest)
	if err != nil {
		return err
	}
	known := 0
	for name, h := range map[string]spec.Hash{"sha-256": spec.SHA256, "sha-512": spec.SHA512} {
		member := structured.Find(all, name)
		if member == nil {
			continue
		}
		known++
		sum, ok := s.bytes(&member.Item)
		if !ok {
			return spec.ErrMalformed
		}
		w := h.New()()
		w.Write(r.Body)
		if !hmac.Equal(sum, w.Sum(nil)) {
			return fmt.Errorf("%w: the body is not that of the digest", spec.ErrMismatch)
		}
	}
	if known == 0 {
		return fmt.Errorf("%w: the digest is neither SHA-256 nor SHA-512", spec.ErrMalformed)
	}
	return nil
}

// unexpired checks the parameter expires, which may be there or not.
func (c *checker) unexpired(m *messageSignature) error {
	text := m.text("expires")
	if text == "" {
		return nil
	}
	expires, ok := spec.ParseTime(text, spec.Seconds)
	if !ok {
		return spec.ErrMalformed
	}
	if created, ok := spec.ParseTime(m.text(spec.Created), spec.Seconds); ok {
		most := time.Duration(c.v.compiled.Message.MaxSeconds) * time.Second
		if !expires.After(created) || most > 0 && expires.Sub(created) > most {
			return spec.ErrMalformed
		}
	}
	if c.now.Sub(expires) > c.v.compiled.JWT.Leeway() {
		return spec.ErrStale
	}
	return nil
}

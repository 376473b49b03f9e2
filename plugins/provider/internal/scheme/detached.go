package scheme

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// joseHeader is the header of a JWS.
type joseHeader map[string]json.RawMessage

// text returns the text of a member, "" where it is none.
func (h joseHeader) text(name string) string {
	var text string
	if json.Unmarshal(h[name], &text) != nil {
		return ""
	}
	return text
}

// detachedHeader reads the header of a detached JWS, and checks what it must hold. It
// decides nothing but how the payload is made: it is signed itself.
func (s *Compiled) detachedHeader(text string) (joseHeader, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || parts[1] != "" {
		return nil, spec.ErrMalformed
	}
	raw, ok := spec.Base64URLRaw.Decode(parts[0])
	if _, also := spec.Base64URLRaw.Decode(parts[2]); !ok || !also {
		return nil, spec.ErrMalformed
	}
	var h joseHeader
	if json.Unmarshal(raw, &h) != nil {
		return nil, spec.ErrMalformed
	}
	for _, e := range s.Detached.Members {
		if h.text(e.At) != e.Is {
			return nil, spec.ErrMalformed
		}
	}
	_, crit := h["crit"]
	_, b64 := h["b64"]
	if s.Detached.Unencoded {
		crit, b64 = string(h["crit"]) != `["b64"]`, string(h["b64"]) != "false"
	}
	if crit || b64 {
		return nil, spec.ErrMalformed
	}
	return h, nil
}

// detached verifies a JWS whose payload is made of the delivery.
func (c *checker) detached(v *signedtext.Input, f *Family, text string) (Proof, error) {
	s := c.v.compiled
	text, ok := strings.CutPrefix(text, s.Mark)
	if !ok {
		return Proof{}, spec.ErrMalformed
	}
	header, err := s.detachedHeader(text)
	if err != nil {
		return Proof{}, err
	}
	if err := f.stamp(&v.Values, &c.found); err != nil {
		return Proof{}, err
	}
	if !s.Text.Separates(c.found.ID, signedtext.PartID) || !s.Text.Separates(c.found.Timestamp, signedtext.PartTimestamp) {
		return Proof{}, spec.ErrMalformed
	}
	if err := s.when(f, &c.found); err != nil {
		return Proof{}, err
	}
	payload, err := s.DetachedPayload(v, header.text(s.Detached.Listed))
	if err != nil {
		return Proof{}, err
	}
	id, err := c.detachedKey(text, header, payload)
	if err != nil {
		return Proof{}, err
	}
	if err := c.bound(v); err != nil {
		return Proof{}, err
	}
	return c.fresh(f, v, id)
}

// DetachedPayload returns what a JWS signs of a delivery: the text of the row, with the
// lines of the listed headers before the body. Each must be there once, and those that
// the scheme relies on be listed.
func (s *Compiled) DetachedPayload(v *signedtext.Input, listed string) ([]byte, error) {
	lines, err := s.listedLines(v.Request.Headers, listed)
	if err != nil {
		return nil, err
	}
	body := v.Request.Body
	without, request := *v, *v.Request // so that the body is copied once
	request.Body = nil
	without.Request = &request
	before, err := s.Text.Text(&without)
	return slices.Concat([]byte(before+lines), body), err
}

// listedLines returns the lines of the headers that a JWS lists.
func (s *Compiled) listedLines(h place.Headers, listed string) (string, error) {
	if s.Detached.Listed == "" {
		return "", nil
	}
	var lines strings.Builder
	seen := []string{}
	for name := range strings.SplitSeq(listed, ",") {
		lower := strings.ToLower(name)
		if listed == "" {
			break
		}
		value, n := h.Get(lower)
		switch {
		case len(seen) == place.MaxSignatures, !spec.IsHeaderName(lower), slices.Contains(seen, lower), strings.ContainsAny(value, "\r\n"):
			return "", spec.ErrMalformed
		case n == 0:
			return "", spec.ErrMissing
		case n > 1:
			return "", spec.ErrRepeated
		}
		seen = append(seen, lower)
		lines.WriteString(name + ": " + value + "\n")
	}
	for _, at := range s.listedPlaces() {
		if !slices.Contains(seen, at.Name) {
			return "", spec.ErrMissing
		}
	}
	return lines.String(), nil
}

// listedPlaces are the headers that a JWS must list: those of the time and the id.
func (s *Compiled) listedPlaces() (all []place.Place) {
	for _, at := range []place.Place{s.Families[0].Timestamp, s.Families[0].ID} {
		if at.Kind == place.Header && !s.Text.Refers(at) {
			all = append(all, at)
		}
	}
	return all
}

// detachedKey finds the key that signed a payload, and returns its id. The library holds
// the algorithm of the header against those of the row and the kind of the key.
func (c *checker) detachedKey(text string, h joseHeader, payload []byte) (string, error) {
	var algorithms []jose.SignatureAlgorithm
	for _, a := range c.v.compiled.JWT.Algorithms {
		algorithms = append(algorithms, jose.SignatureAlgorithm(a))
	}
	token, err := jose.ParseDetached(text, payload, algorithms)
	if err != nil || len(token.Signatures) != 1 {
		return "", spec.ErrMalformed
	}
	return c.provedBy(ofHeader(h.text("kid"), h.text("alg")), func(p *keys.PublicKey) bool {
		return token.DetachedVerify(payload, p.Key) == nil
	})
}

// jku returns the address of the keys that the header of a JWS names.
func (s *Compiled) jku(v *place.Values, f *Family) (string, error) {
	text, err := v.One(f.Signature, place.MaxHeader)
	if err != nil {
		return "", err
	}
	h, err := s.detachedHeader(strings.TrimPrefix(text, s.Mark))
	if err != nil {
		return "", err
	}
	if address := h.text(s.RemoteKeys.At.Name); len(address) <= keys.MaxURL {
		return address, nil
	}
	return "", spec.ErrMalformed
}

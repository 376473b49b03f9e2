package scheme

import (
	"fmt"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// maxVouching bounds the tokens of a delivery, each of which is a signature.
const maxVouching = 32

// compileVouched prepares a list of tokens that vouch for elements.
func (s *Compiled) compileVouched(all *place.Paths) (err error) {
	if s.Vouched == (spec.Vouched{}) {
		return nil
	}
	if s.Tokens, err = jsonscan.CompileList(s.Families[0].Signature.Name); err != nil {
		return fmt.Errorf("%w: %w", spec.ErrRow, err)
	}
	if s.Element, err = place.Parse(s.Vouched.At, place.JSON); err != nil {
		return err
	}
	s.Voucher, err = place.Parse("claim:"+s.Vouched.Claim, place.Claim)
	all.Add(&s.Element)
	all.Add(&s.Voucher)
	return err
}

// asked checks what must stand in each element, before anything is fetched for a stranger.
func (v *Verifier) asked(r *place.Request) error {
	_, list, err := v.elements(r)
	if err == nil {
		_, err = v.vouchers(r, list)
	}
	return err
}

// vouchers returns the claims that the elements of list need a token for.
func (v *Verifier) vouchers(r *place.Request, list jsonscan.List) (map[string]bool, error) {
	all := map[string]bool{}
	for _, item := range list.Items {
		element := *r
		element.Body = item
		values := place.Values{Request: &element, Bodies: v.reader.Bodies, Settings: v.settings}
		values.Take()
		if err := values.ScanBody(v.compiled.Scan, true); err != nil {
			return nil, err
		}
		if err := v.compiled.expects(&values); err != nil {
			return nil, err
		}
		claim, err := values.One(v.compiled.Element, place.MaxID)
		if err != nil {
			return nil, err
		}
		all[claim] = true
	}
	return all, nil
}

// vouched verifies every token of a list, and that each element has one that vouches for it.
func (c *checker) vouched(r *place.Request) (Proof, error) {
	s := c.v.compiled
	body, list, err := c.v.elements(r)
	if err != nil {
		return Proof{}, err
	}
	needed, err := c.v.vouchers(r, list)
	if err != nil {
		return Proof{}, err
	}
	tokens, found, err := s.Tokens.Find(body, maxVouching)
	switch {
	case err != nil:
		return Proof{}, fmt.Errorf("%w: %w", spec.ErrBody, err)
	case !found || len(tokens.Items) == 0:
		return Proof{}, spec.ErrMissing
	}
	proof := Proof{Scheme: s.Name, Covers: s.Families[0].covers.other}
	for _, raw := range tokens.Items {
		id, claim, err := c.voucher(r, raw)
		if err != nil {
			return Proof{}, err
		}
		delete(needed, claim)
		proof.SecretID = id
	}
	if len(needed) > 0 {
		return Proof{}, fmt.Errorf("%w: no token vouches for an element", spec.ErrMismatch)
	}
	return proof, nil
}

// voucher verifies one token, and returns the id of its key and what it vouches for.
func (c *checker) voucher(r *place.Request, raw []byte) (id, claim string, err error) {
	s := c.v.compiled
	if len(raw) == 0 || raw[0] != '"' || len(raw) > place.MaxToken {
		return "", "", spec.ErrMalformed
	}
	text := string(jsonscan.Text(raw))
	token, err := s.parseToken(text)
	if err != nil {
		return "", "", err
	}
	v := &signedtext.Input{Values: place.Values{Request: r, Settings: c.v.settings}, Stamp: &c.found.Stamp}
	if id, err = c.tokenProof(v, text, token); err != nil {
		return "", "", err
	}
	if err = s.Claims.hold(token.UnsafePayloadWithoutVerification(), &v.Values, c.now, false); err != nil {
		return "", "", err
	}
	claim, err = v.One(s.Voucher, place.MaxID)
	return id, claim, err
}

package scheme

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// maxSchemePlaces bounds the places of a row, so that one of a user's own cannot make a
// delivery costly.
const maxSchemePlaces = 64

// Compiled is a compiled Scheme.
type Compiled struct {
	spec.Scheme
	Families   []Family
	Text       signedtext.Template
	formText   *signedtext.Template // of form-encoded bodies, nil where it is the same
	variants   []variant            // other signed texts, in the order of trial
	Expected   []Expected
	Bound      []bind
	List       *jsonscan.ListPath // of Each, nil without one
	Scan       *jsonscan.Paths
	Claims     *claims
	RemoteKeys *RemoteKeys
	Sealed     []place.Place      // of Encrypted, where the whole payload is
	Tokens     *jsonscan.ListPath // that vouch for the elements of List, nil without
	Element    place.Place        // in an element, what a token vouches for
	Voucher    place.Place        // the claim that does
	marks      []hashMark         // of Hashes, the least first
}

// hashMark is what stands before a signature of a hash.
type hashMark struct {
	hash spec.Hash
	text string
}

// Family is a compiled Family.
type Family struct {
	Signature place.Place
	numbers   []string // of numbered headers, their names
	also      []place.Place
	Timestamp place.Place
	ID        place.Place
	// covers is what the proof covers: of a form, and of another body.
	covers struct{ formText, other []string }
}

// Expected is a compiled Expect.
type Expected struct {
	At place.Place
	Is string
}

type bind struct {
	At   place.Place
	Text signedtext.Template
	// padded says that the value is base64url, whose padding tells nothing and is left
	// out by some (RFC 4648 section 3.2).
	padded bool
}

// Compile checks s and prepares it. Settings have a value, except where only a
// row is checked and the examples of the settings stand for them.
func Compile(s *spec.Scheme, settings map[string]string) (*Compiled, error) {
	c := &Compiled{Scheme: s.Filled(settings)}
	if why := c.Fault(); why != "" {
		return nil, fmt.Errorf("%w: scheme %s %s", spec.ErrRow, s.Name, why)
	}
	for _, h := range append([]spec.Hash{c.Hash}, c.Hashes...) {
		c.marks = append(c.marks, hashMark{h, strings.ReplaceAll(c.Mark, "{hash}", string(h))})
	}
	if err := c.parts(); err != nil {
		return nil, fmt.Errorf("scheme %s: %w", s.Name, err)
	}
	if why := cmp.Or(c.keyFault(), c.timeFault(), c.bodyFault(), c.variantFault()); why != "" {
		return nil, fmt.Errorf("%w: scheme %s %s", spec.ErrRow, s.Name, why)
	}
	return c, nil
}

// parts compiles what s is made of.
func (s *Compiled) parts() error {
	var all place.Paths
	var err error
	if s.Text, err = signedtext.Compile(s.Content, &all); err != nil {
		return err
	}
	if s.FormContent != "" {
		form, err := signedtext.Compile(s.FormContent, &all)
		if err != nil {
			return err
		}
		s.formText = &form
	}
	if err = s.compileVariants(&all); err != nil {
		return err
	}
	for _, f := range append([]spec.Family{s.Family}, s.Alternates...) {
		c, err := s.compileFamily(f, &all)
		if err != nil {
			return err
		}
		s.Families = append(s.Families, c)
	}
	if err := s.checks(&all); err != nil {
		return err
	}
	for i := range s.Families {
		f := &s.Families[i]
		f.covers.formText, f.covers.other = s.coverage(f, true), s.coverage(f, false)
	}
	if _, err = signedtext.ParseFilters(spec.SplitNames(s.KeyDerive)); err != nil {
		return err
	}
	if s.RemoteKeys, err = compileRemote(&s.Scheme, &all); err != nil {
		return err
	}
	if s.Kind == spec.JSONToken {
		if err := s.compileVouched(&all); err != nil {
			return err
		}
		if s.Claims, err = compileJWT(s.JWT, &all); err != nil {
			return err
		}
	}
	if len(all.List)+len(all.Claims) > maxSchemePlaces {
		return fmt.Errorf("%w: more than %d places", spec.ErrRow, maxSchemePlaces)
	}
	s.Scan, err = all.Compile()
	return err
}

// checks compiles what must hold beside the signature.
func (s *Compiled) checks(all *place.Paths) (err error) {
	if s.Each != "" {
		if s.List, err = jsonscan.CompileList(s.Each); err != nil {
			return fmt.Errorf("%w: %w", spec.ErrRow, err)
		}
	}
	for _, e := range s.Expect {
		at, err := place.Parse(e.At, place.InRequest[:]...)
		if err != nil {
			return err
		}
		if at.Kind == place.Nothing || e.Is == "" {
			return fmt.Errorf("%w: an expectation without a place or a value", spec.ErrRow)
		}
		all.Add(&at)
		s.Expected = append(s.Expected, Expected{at, e.Is})
	}
	if err := s.compileEncrypted(all); err != nil {
		return err
	}
	for _, b := range s.Binds {
		at, err := place.Parse(b.At, place.Claim, place.Query)
		if err != nil {
			return err
		}
		if at.Kind == place.Nothing {
			return fmt.Errorf("%w: a bind without a place", spec.ErrRow)
		}
		all.Add(&at)
		content, err := signedtext.Compile(b.Content, all)
		if err != nil {
			return err
		}
		s.Bound = append(s.Bound, bind{at, content, strings.HasSuffix(b.Content, "|base64url}")})
	}
	return nil
}

// covers reports whether the value at a place is signed: the signed text names
// it, it stands in a body or URL that is signed, or in a signed token. Headers
// that the sender lists must then be among those listed.
func (s *Compiled) covers(at place.Place, name signedtext.PartName) bool {
	if s.Text.Has(name) || s.Text.Refers(at) || at.Kind == place.Claim {
		return true
	}
	switch at.Kind {
	case place.JSON:
		return s.Text.Has(signedtext.PartBody) || s.Text.Has(signedtext.PartParams)
	case place.Form:
		return s.Text.Has(signedtext.PartBody) || s.Text.Has(signedtext.PartForm) || s.Text.Has(signedtext.PartParams) || s.formText != nil && s.formText.CoversBody(true)
	case place.Query:
		return s.Text.Has(signedtext.PartURL) || s.Text.Has(signedtext.PartTarget) || s.Text.Has(signedtext.PartParams)
	case place.Header:
		return s.lists(at.Name)
	}
	return false
}

// lists reports whether a header is one of those that the sender lists, which it must be
// from then on.
func (s *Compiled) lists(name string) bool {
	return s.Text.Need(name) || s.Kind == spec.DetachedJWS && s.Detached.Listed != ""
}

func (s *Compiled) keyFault() string {
	switch {
	case !s.Signs() && s.Content+s.FormContent != "":
		return "has a signed text and signs none"
	case s.Kind == spec.Digest && !s.Text.Has(signedtext.PartKey):
		return "hashes a text without the key"
	case s.Kind != spec.Digest && s.Kind != spec.HMAC && s.Text.Has(signedtext.PartKey):
		return "signs the key itself"
	case s.Kind == spec.JSONToken && len(s.JWT.Algorithms) == 0:
		return "accepts no algorithm"
	case s.Kind == spec.JSONToken && spec.Mixed(s.JWT.Algorithms):
		return "accepts algorithms of shared and of public keys at once"
	case s.JWT.Chain != nil && (s.SharesKey() || s.Remote != nil):
		return "has certificates in its token and other keys too"
	}
	return ""
}

func (s *Compiled) timeFault() string {
	timed := s.Families[0].Timestamp.Kind != place.Nothing
	switch {
	case timed != (s.ToleranceSeconds > 0) || !timed && s.AheadSeconds > 0:
		return "must have a tolerance exactly where it signs a time"
	case timed && !slices.Contains([]spec.Unit{spec.Seconds, spec.Milliseconds, spec.RFC3339, spec.RFC3339UTC, spec.HTTPDate, spec.EitherUnit}, s.TimeUnit):
		return "signs a time of unknown unit"
	case slices.ContainsFunc(s.Families, func(f Family) bool { return (f.Timestamp.Kind != place.Nothing) != timed }):
		return "has a time in one family of headers and not in another"
	case slices.ContainsFunc(s.Families, func(f Family) bool { return (f.ID.Kind != place.Nothing) != (s.Families[0].ID.Kind != place.Nothing) }):
		return "has an id in one family of headers and not in another"
	}
	return ""
}

func (s *Compiled) bodyFault() string {
	switch {
	case !s.covered() && !s.BodyUnsigned:
		return "does not sign the body"
	case s.covered() && s.BodyUnsigned:
		return "signs the body and says that it does not"
	case s.signatureInBody() && s.Text.Has(signedtext.PartBody):
		return "has the signature in the body that it signs"
	case s.unboundQuery():
		return "binds a parameter of a URL that is not signed"
	}
	return ""
}

// covered reports whether the proof covers the body, whatever its type. What
// only shows that the sender knows a secret covers nothing, which is its kind
// and need not be said.
func (s *Compiled) covered() bool {
	switch s.Kind {
	case spec.Token, spec.Basic, spec.ClientCert:
		return !s.BodyUnsigned
	case spec.HTTPSignature:
		return s.Message.Covers(spec.ContentDigest)
	}
	if s.isBody(&s.Families[0]) && !slices.ContainsFunc(s.Families, func(f Family) bool { return !s.isBody(&f) }) {
		return true
	}
	bound := slices.ContainsFunc(s.Bound, func(b bind) bool { return b.Text.Has(signedtext.PartBody) })
	return bound || s.Text.CoversBody(true) && (s.formText == nil || s.formText.CoversBody(true))
}

func (s *Compiled) signatureInBody() bool {
	return slices.ContainsFunc(s.Families, func(f Family) bool {
		return f.Signature.Kind == place.JSON || f.Signature.Kind == place.Form
	})
}

func (s *Compiled) unboundQuery() bool {
	return !s.Text.Has(signedtext.PartURL) && slices.ContainsFunc(s.Bound, func(b bind) bool { return b.At.Kind == place.Query })
}

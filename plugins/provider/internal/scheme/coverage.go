package scheme

import (
	"fmt"
	"slices"

	"webhookedge/plugins/provider/internal/facts"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// digests reports whether a proof by s must have a digest of the signed content.
func (s *Compiled) digests(r *facts.Reader) bool {
	if !s.Signs() && s.Kind != spec.JSONToken && s.Kind != spec.HTTPSignature {
		return false
	}
	covered := func(at place.Place) bool {
		return !slices.ContainsFunc(s.Families, func(f Family) bool {
			return at != f.ID && (!at.In(f.covers.formText) || !at.In(f.covers.other))
		})
	}
	return r.NeedsDigest(covered, slices.ContainsFunc(s.Families, func(f Family) bool { return f.ID.Kind != place.Nothing }))
}

// CoverageOf returns that of the scheme of p with the given name, the default for "".
// The error is ErrRow.
func CoverageOf(p *spec.Provider, r *facts.Reader, name string) (Coverage, error) {
	chosen, ok := p.Scheme(name)
	if !ok {
		return Coverage{}, fmt.Errorf("%w: %s has no scheme %q", spec.ErrRow, p.Name, name)
	}
	s, err := Compile(&chosen, p.Examples())
	if err != nil {
		return Coverage{}, err
	}
	form := !p.HasForm(spec.FormatJSON) && (p.HasForm(spec.FormatForm) || p.HasForm(spec.FormatMultipart))
	f := &s.Families[0]
	all := Coverage{Covers: f.covers.other}
	if form {
		all.Covers = f.covers.formText
	}
	all.Unsigned, all.Places = r.Unsigned(func(at place.Place) bool {
		switch at.Kind {
		case place.Form:
			return at.In(f.covers.formText)
		case place.JSON, place.Member:
			return at.In(all.Covers)
		case place.Query:
			return at.In(f.covers.other)
		}
		return at.In(f.covers.other) && at.In(f.covers.formText) ||
			slices.ContainsFunc(s.Families, func(f Family) bool { return at == f.ID || at == f.Timestamp })
	})
	return all, nil
}

// Coverage says what a scheme proves of a delivery.
type Coverage struct {
	Covers   []string // as Proof.Covers has it, of the usual form of body; empty where a secret is shown
	Unsigned []string // names of the facts that may come from a place that is not covered, sorted
	Places   []string // the places that are not covered
}

// coverage returns what s covers of a delivery that uses the family f, sorted and
// never nil: of a form, and of another body. A scheme that shows a secret signs
// nothing, so that it covers nothing.
func (s *Compiled) coverage(f *Family, form bool) []string {
	all := []string{}
	switch {
	case s.Kind == spec.HTTPSignature:
		all = append(all, s.messageCovers()...)
	case !s.Signs() && s.Kind != spec.JSONToken:
		return all
	}
	all = append(all, s.TextFor(form).Covers(form)...)
	for i := range s.Bound {
		all = append(all, s.Bound[i].Text.Covers(form)...)
	}
	for _, at := range []place.Place{f.Timestamp, f.ID} {
		if at.Kind != place.Nothing && at.Kind != place.Pair && at.Kind != place.Claim {
			all = append(all, at.String())
		}
	}
	if f.Timestamp.Kind != place.Nothing {
		all = append(all, place.CoversTime)
	}
	if s.Kind == spec.JSONToken {
		all = append(all, place.CoversClaims)
		if s.isBody(f) {
			all = append(all, place.CoversBody)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TextFor returns the signed text of a form, or of another body.
func (s *Compiled) TextFor(form bool) *signedtext.Template {
	if form && s.formText != nil {
		return s.formText
	}
	return &s.Text
}

// messageCovers returns what every signature of a message that s takes covers.
func (s *Compiled) messageCovers() (all []string) {
	for _, name := range s.Message.Components {
		switch name {
		case spec.ContentDigest:
			all = append(all, place.CoversBody)
		case "@method":
			all = append(all, place.CoversMethod)
		case "@target-uri":
			all = append(all, place.CoversURL, place.CoversQuery)
		case "@query", "@query?":
			all = append(all, place.CoversQuery)
		default:
			if spec.IsHeaderName(name) {
				all = append(all, "header:"+name)
			}
		}
	}
	return all
}

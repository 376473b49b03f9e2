package provider

import (
	"fmt"
	"slices"
	"strings"
)

// What a proof can cover, beside single places such as header:x-topic, query:sig,
// json:a.b and form:token.
const (
	CoversBody   = "body"   // every byte of the body, or every field of a form
	CoversURL    = "url"    // the public URL with its query
	CoversPath   = "path"   // the public URL without its query
	CoversQuery  = "query"  // every parameter of the query
	CoversMethod = "method" // the method
	CoversTime   = "time"   // when it was signed
	CoversClaims = "claims" // the claims of a JWT
)

// coverage returns what s covers of a delivery that uses the family f, sorted and
// never nil: of a form, and of another body. A scheme that shows a secret signs
// nothing, so that it covers nothing.
func (s *scheme) coverage(f *family, form bool) []string {
	all := []string{}
	if !s.signs() && s.Kind != JSONToken {
		return all
	}
	all = append(all, s.textFor(form).covers(form)...)
	for i := range s.binds {
		all = append(all, s.binds[i].content.covers(form)...)
	}
	for _, at := range []place{f.timestamp, f.id} {
		if at.kind != atNothing && at.kind != atPair && at.kind != atClaim {
			all = append(all, at.String())
		}
	}
	if f.timestamp.kind != atNothing {
		all = append(all, CoversTime)
	}
	if s.Kind == JSONToken {
		all = append(all, CoversClaims)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// textFor returns the signed text of a form, or of another body.
func (s *scheme) textFor(form bool) *template {
	if form && s.form != nil {
		return s.form
	}
	return &s.content
}

func (t *template) covers(form bool) []string {
	var all []string
	for i := range t.segments {
		for j := range t.segments[i].parts {
			all = append(all, t.segments[i].parts[j].covers(form)...)
		}
	}
	return all
}

// covers returns what of a delivery cannot change while the part's text stays as it
// is. A checksum covers nothing: anybody can make another body that has it.
func (p *part) covers(form bool) []string {
	if p.weakens {
		if p.name == partURL {
			return []string{CoversPath}
		}
		return nil
	}
	switch p.name {
	case partBody:
		return []string{CoversBody}
	case partForm, partPHP, partOnly:
		if form {
			return []string{CoversBody}
		}
	case partParams:
		if form {
			return []string{CoversBody}
		}
		return []string{CoversQuery}
	case partPlivo:
		return []string{CoversBody, CoversURL, CoversQuery, p.at.String()}
	case partURL:
		return []string{CoversURL, CoversQuery}
	case partTarget:
		return []string{CoversQuery}
	case partMethod:
		return []string{CoversMethod}
	case partListed:
		names := []string{"header:" + p.at.name}
		for _, name := range p.need {
			names = append(names, "header:"+name)
		}
		return names
	case partPlace:
		if p.at.kind != atSetting && p.at.kind != atClaim {
			return []string{p.at.String()}
		}
	}
	return nil
}

// String returns the locator of at.
func (at place) String() string { return string(at.kind) + ":" + at.name }

// in reports whether a value at the place is among what covers says.
func (at place) in(covers []string) bool {
	switch at.kind {
	case atText, atNothing:
		return true
	case atJSON, atMember, atForm:
		if slices.Contains(covers, CoversBody) {
			return true
		}
	case atQuery:
		if slices.Contains(covers, CoversQuery) {
			return true
		}
	case atClaim:
		return slices.Contains(covers, CoversClaims)
	}
	if at.kind == atMember {
		at.kind = atJSON
	}
	return slices.ContainsFunc(covers, func(c string) bool {
		kind, name, _ := strings.Cut(c, ":")
		return kind == string(at.kind) && name == at.name
	})
}

// Coverage says what a scheme proves of a delivery.
type Coverage struct {
	Covers   []string // as Proof.Covers has it, of the usual form of body; empty where a secret is shown
	Unsigned []string // names of the facts that may come from a place that is not covered, sorted
	Places   []string // the places that are not covered
}

// Coverage returns that of the scheme with the given name, the default for "". The
// error is ErrRow.
func (p *Provider) Coverage(name string) (Coverage, error) {
	chosen, ok := p.Scheme(name)
	if !ok {
		return Coverage{}, fmt.Errorf("%w: %s has no scheme %q", ErrRow, p.Name, name)
	}
	s, err := chosen.compile(p.examples())
	if err != nil {
		return Coverage{}, err
	}
	c, err := p.compiled()
	if err != nil {
		return Coverage{}, err
	}
	form := !p.HasForm(FormatJSON) && (p.HasForm(FormatForm) || p.HasForm(FormatMultipart))
	f := &s.families[0]
	all := Coverage{Covers: f.covers.other}
	if form {
		all.Covers = f.covers.form
	}
	covered := func(at place) bool {
		switch at.kind {
		case atForm:
			return at.in(f.covers.form)
		case atJSON, atMember:
			return at.in(all.Covers)
		case atQuery:
			return at.in(f.covers.other)
		}
		return at.in(f.covers.other) && at.in(f.covers.form) ||
			slices.ContainsFunc(s.families, func(f family) bool { return at == f.id || at == f.timestamp })
	}
	var mask uint8
	for _, plan := range [...]*factPlan{&c.facts, &c.items} {
		for bit, places := range plan.places() {
			for _, at := range places {
				if !covered(at) {
					mask |= bit
					all.Places = append(all.Places, at.String())
				}
			}
		}
	}
	all.Unsigned = factMasks[mask]
	slices.Sort(all.Places)
	all.Places = slices.Compact(all.Places)
	return all, nil
}

// places returns the places of each fact by its bit.
func (c *factPlan) places() map[uint8][]place {
	all := map[uint8][]place{
		bitType: c.kind, bitAction: c.action, bitTenant: c.tenant, bitSubject: c.resource, bitID: slices.Concat(c.id...),
	}
	for _, t := range c.times {
		all[bitTime] = append(all[bitTime], t.place)
	}
	return all
}

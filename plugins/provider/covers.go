package provider

import (
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
		return []string{CoversBody, CoversURL, CoversQuery}
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

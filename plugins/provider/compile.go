package provider

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
)

// Bounds of a row, so that one of a user's own cannot make a delivery costly.
const (
	maxSchemePlaces = 64
	defaultKeyMin   = 16
	minRSA          = 256 // bytes: 2048 bits
)

// scheme is a compiled Scheme.
type scheme struct {
	Scheme
	families []family
	content  template
	form     *template // of form-encoded bodies, nil where it is the same
	expect   []expect
	binds    []bind
	each     []string // segments of the path of Each
	scan     *jsonscan.Paths
	jwt      *claims
	derive   []filter
	remote   *remote
}

// family is a compiled Family.
type family struct {
	signature place
	numbers   []string // of numbered headers, their names
	also      []place
	timestamp place
	id        place
	// covers is what the proof covers: of a form, and of another body.
	covers struct{ form, other []string }
}

type expect struct {
	at place
	is string
}

type bind struct {
	at      place
	content template
}

// compile checks s and prepares it. Settings have a value, except where only a
// row is checked and the examples of the settings stand for them.
func (s *Scheme) compile(settings map[string]string) (*scheme, error) {
	c := &scheme{Scheme: s.filled(settings)}
	if why := c.fault(); why != "" {
		return nil, fmt.Errorf("%w: scheme %s %s", ErrRow, s.Name, why)
	}
	if err := c.parts(); err != nil {
		return nil, fmt.Errorf("scheme %s: %w", s.Name, err)
	}
	if why := c.contradiction(); why != "" {
		return nil, fmt.Errorf("%w: scheme %s %s", ErrRow, s.Name, why)
	}
	return c, nil
}

// filled returns s with its defaults, and with settings in place of their names.
func (s *Scheme) filled(settings map[string]string) Scheme {
	c := *s
	fill := func(text string) string { return fillSettings(text, settings) }
	c.Family = fillFamily(s.Family, fill)
	c.Alternates = nil
	for _, f := range s.Alternates {
		c.Alternates = append(c.Alternates, fillFamily(f, fill))
	}
	c.Mark = fill(s.Mark)
	c.Expect = nil
	for _, e := range s.Expect {
		c.Expect = append(c.Expect, Expect{fill(e.At), fill(e.Is)})
	}
	c.JWT = s.JWT.filled(fill)
	if s.Kind == "" {
		c.Kind = HMAC
	}
	if s.Layout == "" {
		c.Layout = Single
	}
	if s.Key == "" {
		c.Key = KeyText
	}
	if c.KeyMin == 0 && c.sharesKey() {
		c.KeyMin = defaultKeyMin
	}
	if c.Separator == "" {
		c.Separator = ","
	}
	if c.Assign == "" {
		c.Assign = "="
	}
	return c
}

func fillFamily(f Family, fill func(string) string) Family {
	c := Family{Signature: fill(f.Signature), Timestamp: fill(f.Timestamp), ID: fill(f.ID)}
	for _, at := range f.Also {
		c.Also = append(c.Also, fill(at))
	}
	return c
}

// fillSettings replaces {setting:name}. An unknown one stays, and is then no
// place.
func fillSettings(text string, settings map[string]string) string {
	if !strings.Contains(text, "{setting:") {
		return text
	}
	for name, value := range settings {
		text = strings.ReplaceAll(text, "{setting:"+name+"}", value)
	}
	return text
}

// parts compiles what s is made of.
func (s *scheme) parts() error {
	var all paths
	var err error
	if s.content, err = compileTemplate(s.Content, &all); err != nil {
		return err
	}
	if s.FormContent != "" {
		form, err := compileTemplate(s.FormContent, &all)
		if err != nil {
			return err
		}
		s.form = &form
	}
	for _, f := range append([]Family{s.Family}, s.Alternates...) {
		c, err := s.compileFamily(f, &all)
		if err != nil {
			return err
		}
		s.families = append(s.families, c)
	}
	if err := s.checks(&all); err != nil {
		return err
	}
	for i := range s.families {
		f := &s.families[i]
		f.covers.form, f.covers.other = s.coverage(f, true), s.coverage(f, false)
	}
	if s.derive, err = parseFilters(splitNames(s.KeyDerive)); err != nil {
		return err
	}
	if s.Each != "" {
		s.each = strings.Split(s.Each, ".")
	}
	if s.Remote != nil {
		if s.remote, err = s.Remote.compile(&all); err != nil {
			return err
		}
	}
	if s.Kind == JSONToken {
		if s.jwt, err = s.JWT.compile(&all); err != nil {
			return err
		}
	}
	if len(all.list)+len(all.claims) > maxSchemePlaces {
		return fmt.Errorf("%w: more than %d places", ErrRow, maxSchemePlaces)
	}
	s.scan, err = all.compile()
	return err
}

func splitNames(chain string) []string {
	if chain == "" {
		return nil
	}
	return strings.Split(chain, "|")
}

// checks compiles what must hold beside the signature.
func (s *scheme) checks(all *paths) error {
	for _, e := range s.Expect {
		at, err := parsePlace(e.At, inRequest[:]...)
		if err != nil {
			return err
		}
		if at.kind == atNothing || e.Is == "" {
			return fmt.Errorf("%w: an expectation without a place or a value", ErrRow)
		}
		all.add(&at)
		s.expect = append(s.expect, expect{at, e.Is})
	}
	for _, b := range s.Binds {
		at, err := parsePlace(b.At, atClaim, atQuery)
		if err != nil {
			return err
		}
		if at.kind == atNothing {
			return fmt.Errorf("%w: a bind without a place", ErrRow)
		}
		all.add(&at)
		content, err := compileTemplate(b.Content, all)
		if err != nil {
			return err
		}
		s.binds = append(s.binds, bind{at, content})
	}
	return nil
}

func (s *scheme) compileFamily(f Family, all *paths) (family, error) {
	var c family
	var err error
	read := func(text string, kinds ...placeKind) place {
		at, perr := parsePlace(text, kinds...)
		if perr != nil {
			err = perr
		}
		all.add(&at)
		return at
	}
	c.signature = read(f.Signature, inRequest[:]...)
	for _, text := range f.Also {
		c.also = append(c.also, read(text, inRequest[:]...))
	}
	c.timestamp = read(f.Timestamp, append(inRequest[:], atPair, atClaim)...)
	c.id = read(f.ID, append(inRequest[:], atClaim)...)
	if err != nil {
		return family{}, err
	}
	if s.Layout == Numbered {
		for i := range maxSignatures {
			c.numbers = append(c.numbers, c.signature.name+"-"+strconv.Itoa(i+1))
		}
	}
	if why := s.familyFault(&c); why != "" {
		return family{}, fmt.Errorf("%w: %s", ErrRow, why)
	}
	return c, nil
}

func (s *scheme) familyFault(f *family) string {
	switch {
	case f.signature.kind == atNothing:
		return "there is no place of the signature"
	case s.Layout == Numbered && (f.signature.kind != atHeader || len(f.also) > 0):
		return "only one family of headers can be numbered"
	case s.content.has(partTimestamp) && f.timestamp.kind == atNothing:
		return "a time is signed and there is no place for it"
	case f.timestamp.kind == atPair && s.Layout != Pairs && s.Layout != List && s.Layout != JSON64:
		return "the time is in a pair and there are no pairs"
	case s.Layout == List && f.timestamp.kind == atPair && f.timestamp.name != "0":
		return "the time of a list is its first element, pair:0"
	case f.timestamp.kind != atNothing && !s.covers(f.timestamp, partTimestamp):
		return "there is a place for a time that is not signed"
	case s.content.has(partID) && f.id.kind == atNothing:
		return "an id is signed and there is no place for it"
	case f.id.kind != atNothing && !s.covers(f.id, partID):
		return "there is a place for an id that is not signed"
	case (f.timestamp.kind == atClaim || f.id.kind == atClaim) && s.Kind != JSONToken:
		return "there are claims without a JWT"
	}
	return ""
}

// covers reports whether the value at a place is signed: the signed text names
// it, it stands in a body or URL that is signed, or in a signed token. Headers
// that the sender lists must then be among those listed.
func (s *scheme) covers(at place, name partName) bool {
	if s.content.has(name) || s.content.refers(at) || at.kind == atClaim {
		return true
	}
	switch at.kind {
	case atJSON:
		return s.content.has(partBody)
	case atForm:
		return s.content.has(partBody) || s.content.has(partForm) || s.content.has(partParams) || s.form != nil && s.form.coversBody(true)
	case atQuery:
		return s.content.has(partURL) || s.content.has(partTarget) || s.content.has(partParams)
	case atHeader:
		return s.content.need(at.name)
	}
	return false
}

// need makes listed headers hold name, and reports whether any are listed.
func (t *template) need(name string) bool {
	for i := range t.segments {
		parts := t.segments[i].parts
		for j := range parts {
			if p := &parts[j]; p.name == partListed {
				for _, n := range []string{p.at.name, name} {
					if !slices.Contains(p.need, n) {
						p.need = append(p.need, n)
					}
				}
				return true
			}
		}
	}
	return false
}

// listed returns the header that lists headers, and those that it must list.
func (t *template) listed() (header string, need []string) {
	for i := range t.segments {
		for j := range t.segments[i].parts {
			if p := &t.segments[i].parts[j]; p.name == partListed {
				return p.at.name, p.need
			}
		}
	}
	return "", nil
}

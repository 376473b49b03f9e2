package provider

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// template is a compiled text such as {id}.{timestamp}.{body}.
type template struct {
	segments []segment
}

// segment is a run of parts. An optional one is left out where its first value
// is missing.
type segment struct {
	optional bool
	parts    []part
}

type partName string

const (
	partLiteral   partName = ""
	partBody      partName = "body"
	partTimestamp partName = "timestamp"
	partID        partName = "id"
	partMethod    partName = "method"
	partURL       partName = "url"
	partTarget    partName = "target"      // path and query of the URL
	partKey       partName = "key"         // the secret itself
	partForm      partName = "form-sorted" // names and values of the form's fields, sorted, without anything between
	partParams    partName = "params-sorted"
	partListed    partName = "headers-listed" // headers that a header lists
	partOnly      partName = "form-only"      // the one field of a form
	partPHP       partName = "form-php"       // PHP's serialisation of the other fields
	partPlivo     partName = "plivo"          // URL, parameters, fields and the nonce of a header
	partChallenge partName = "challenge"
	partPlace     partName = "place" // header:, query:, json:, form:, claim: or setting:
)

type part struct {
	name    partName
	literal string
	at      place
	filters []filter
	names   []string // of the filters
	weakens bool     // a filter leaves something of the value out
	free    bool     // may hold anything, even what stands behind it
	maybe   bool     // counts as empty where it is missing
	// borders are the literals that may stand right behind and, after a part of
	// which nothing tells the end, right before: a value that held one could move
	// the border between two values.
	borders []string
	need    []string // of partListed: headers that must be listed
}

// compileTemplate parts text into segments. What it refers to is added to c.
func compileTemplate(text string, c *paths) (template, error) {
	var t template
	for text != "" {
		at := strings.IndexByte(text, '[')
		if at < 0 {
			at = len(text)
		}
		if err := t.segment(text[:at], false, c); err != nil {
			return template{}, err
		}
		if text = text[at:]; text == "" {
			break
		}
		inside, rest, closed := strings.Cut(text[1:], "]")
		if !closed {
			return template{}, fmt.Errorf("%w: content has a bracket that is not closed", ErrRow)
		}
		if err := t.segment(inside, true, c); err != nil {
			return template{}, err
		}
		text = rest
	}
	return t, t.borders()
}

func (t *template) segment(text string, optional bool, c *paths) error {
	s := segment{optional: optional}
	for text != "" {
		literal, rest, found := strings.Cut(text, "{")
		if literal != "" {
			s.parts = append(s.parts, part{literal: literal})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return fmt.Errorf("%w: content has a brace that is not closed", ErrRow)
		}
		p, err := parsePart(name, c)
		if err != nil {
			return err
		}
		s.parts = append(s.parts, p)
		text = after
	}
	if len(s.parts) > 0 {
		t.segments = append(t.segments, s)
	}
	if optional && !slices.ContainsFunc(s.parts, func(p part) bool { return p.name == partPlace }) {
		return fmt.Errorf("%w: content has brackets around nothing that can be missing", ErrRow)
	}
	return nil
}

// parsePart compiles what stands between braces: a name or a place, and filters.
func parsePart(text string, c *paths) (part, error) {
	names := strings.Split(text, "|")
	p := part{name: partName(names[0])}
	for _, name := range names[1:] {
		switch name {
		case "free":
			p.free = true
		case "maybe":
			p.maybe = true
		default:
			p.names = append(p.names, name)
		}
	}
	var err error
	if p.filters, err = parseFilters(p.names); err != nil {
		return part{}, err
	}
	p.weakens = slices.ContainsFunc(p.names, func(name string) bool { return name == "crc32" || name == "no-query" })
	switch p.name {
	case partBody, partTimestamp, partID, partMethod, partURL, partTarget, partKey, partForm, partParams, partChallenge:
		return p, nil
	}
	for name, kind := range map[partName]placeKind{partListed: atHeader, partPlivo: atHeader, partOnly: atForm, partPHP: atForm} {
		if at, ok := strings.CutPrefix(names[0], string(name)+":"); ok {
			p.name = name
			p.at, err = parsePlace(string(kind)+":"+at, kind)
			return p, err
		}
	}
	if !strings.Contains(names[0], ":") {
		return part{}, fmt.Errorf("%w: content has the unknown name {%s}", ErrRow, names[0])
	}
	p.name = partPlace
	p.at, err = parsePlace(names[0], atHeader, atQuery, atJSON, atForm, atClaim, atSetting)
	c.add(&p.at)
	return p, err
}

func (t *template) count(name partName) int {
	n := 0
	for _, s := range t.segments {
		for i := range s.parts {
			if s.parts[i].name == name {
				n++
			}
		}
	}
	return n
}

func (t *template) has(name partName) bool { return t.count(name) > 0 }

// refers reports whether t holds a place of the given kind and name.
func (t *template) refers(at place) bool {
	for _, s := range t.segments {
		for i := range s.parts {
			if p := &s.parts[i]; p.name == partPlace && p.at.kind == at.kind && p.at.name == at.name {
				return true
			}
		}
	}
	return false
}

// coversBody reports whether a body is signed by t: any, or only one that is a form.
// A checksum signs none, and counts here because a provider has nothing better.
func (t *template) coversBody(form bool) bool {
	return t.has(partBody) || t.has(partPlivo) || form && slices.ContainsFunc([]partName{partForm, partParams, partOnly, partPHP}, t.has)
}

// write gives the text of t to w. The error is ErrMissing, ErrRepeated or
// ErrMalformed; what was written before it means nothing then. Scratch is
// memory that may be used, and is returned for the next time.
func (t *template) write(w io.Writer, scratch []byte, v *values) ([]byte, error) {
	scratch = scratch[:0]
	for i := range t.segments {
		s := &t.segments[i]
		if s.optional && s.missing(v) {
			continue
		}
		for j := range s.parts {
			p := &s.parts[j]
			if p.name == partBody && len(p.filters) == 0 {
				_, _ = w.Write(scratch) // hashes and buffers do not fail
				_, _ = w.Write(v.r.Body)
				scratch = scratch[:0]
				continue
			}
			text, err := p.text(v)
			if err != nil {
				return scratch, err
			}
			for _, f := range p.filters {
				text = f(text)
			}
			scratch = append(scratch, text...)
		}
	}
	_, _ = w.Write(scratch)
	return scratch, nil
}

// missing reports whether a value of an optional segment is not there.
func (s *segment) missing(v *values) bool {
	for i := range s.parts {
		if p := &s.parts[i]; p.name == partPlace {
			if text, n := v.get(p.at); n == 0 || text == "" {
				return true
			}
		}
	}
	return false
}

// String returns the text of t for v.
func (t *template) string(v *values) (string, error) {
	var b strings.Builder
	_, err := t.write(&b, nil, v)
	return b.String(), err
}

// Package signedtext makes the text that a sender signs from a template such as
// {id}.{timestamp}.{body}. A template whose parts could be told apart in two ways would
// let one signature prove two deliveries, which the package finds out.
package signedtext

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// Template is a compiled text such as {id}.{timestamp}.{body}.
type Template struct {
	Segments []segment
}

// Input is what a text is written of.
type Input struct {
	place.Values
	Stamp     *Stamp
	Key       []byte // for {key}
	Challenge string // of a handshake
	Sealed    string // the encrypted payload
	// fields is what is signed of a form, once it is made.
	fields struct {
		of   PartName
		text string
	}
}

// Stamp is what a delivery says of itself beside the body, as the signed text has it.
type Stamp struct{ ID, Timestamp string }

// segment is a run of parts. An optional one is left out where its first value
// is missing.
type segment struct {
	Optional bool
	Parts    []part
}

// PartName is what stands between the braces of a part, before a colon.
type PartName string

// The names.
const (
	PartLiteral   PartName = ""
	PartBody      PartName = "body"
	PartTimestamp PartName = "timestamp"
	PartID        PartName = "id"
	partMethod    PartName = "method"
	PartURL       PartName = "url"
	PartTarget    PartName = "target"      // path and query of the URL
	PartKey       PartName = "key"         // the secret itself
	PartForm      PartName = "form-sorted" // names and values of the form's fields, sorted, without anything between
	PartParams    PartName = "params-sorted"
	partQuery     PartName = "query-sorted"   // parameters of the query, sorted and escaped anew
	partListed    PartName = "headers-listed" // headers that a header lists
	partOnly      PartName = "form-only"      // the one field of a form
	partPHP       PartName = "form-php"       // PHP's serialisation of the other fields
	partPlivo     PartName = "plivo"          // URL, parameters, fields and the nonce of a header
	partQSH       PartName = "qsh"            // the request as Atlassian Connect writes it, behind the base path of a setting
	partWeChat    PartName = "wechat"         // the secret, the time, the encrypted payload and the nonce at a place, sorted
	PartChallenge PartName = "challenge"
	PartPlace     PartName = "place" // header:, query:, json:, form:, claim: or setting:
)

type part struct {
	Name    PartName
	Literal string
	At      place.Place
	Filters []filter
	names   []string // of the filters
	weakens bool     // a filter leaves something of the value out
	free    bool     // may hold anything, even what stands behind it
	maybe   bool     // counts as empty where it is missing
	empty   bool     // is there even where it is empty
	// borders are the literals that may stand right behind and, after a part of
	// which nothing tells the end, right before: a value that held one could move
	// the border between two values.
	borders []string
	need    []string // of partListed: headers that must be listed
	// of its segment: the first part, the last one, and whether that may be left out
	first, last, optional bool
}

// Compile parts text into segments. What it refers to is added to c.
func Compile(text string, c *place.Paths) (Template, error) {
	var t Template
	for text != "" {
		at := opening(text)
		if err := t.segment(text[:at], false, c); err != nil {
			return Template{}, err
		}
		if text = text[at:]; text == "" {
			break
		}
		inside, rest, closed := strings.Cut(text[1:], "]")
		if !closed {
			return Template{}, fmt.Errorf("%w: content has a bracket that is not closed", spec.ErrRow)
		}
		if err := t.segment(inside, true, c); err != nil {
			return Template{}, err
		}
		text = rest
	}
	return t, t.borders()
}

// opening returns where the first bracket of text stands that is none of itself, which
// is written {[}, or the length of text.
func opening(text string) int {
	for i := range len(text) {
		if text[i] == '[' && !strings.HasPrefix(text[max(i, 1)-1:], "{[}") {
			return i
		}
	}
	return len(text)
}

func (t *Template) segment(text string, optional bool, c *place.Paths) error {
	s := segment{Optional: optional}
	for text != "" {
		literal, rest, found := strings.Cut(text, "{")
		if literal != "" {
			s.Parts = append(s.Parts, part{Literal: literal})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return fmt.Errorf("%w: content has a brace that is not closed", spec.ErrRow)
		}
		p := part{Literal: name} // a bracket or a brace
		if name != "[" && name != "]" && name != "{" {
			var err error
			if p, err = parsePart(name, c); err != nil {
				return err
			}
		}
		s.Parts = append(s.Parts, p)
		text = after
	}
	if n := len(s.Parts); n > 0 {
		s.Parts[0].first, s.Parts[n-1].last = true, true
		t.Segments = append(t.Segments, s)
	}
	for i := range s.Parts {
		s.Parts[i].optional = optional
	}
	if optional && !slices.ContainsFunc(s.Parts, func(p part) bool { return p.Name == PartPlace }) {
		return fmt.Errorf("%w: content has brackets around nothing that can be missing", spec.ErrRow)
	}
	return nil
}

// parsePart compiles what stands between braces: a name or a place, and filters.
func parsePart(text string, c *place.Paths) (part, error) {
	names := strings.Split(text, "|")
	p := part{Name: PartName(names[0])}
	for _, name := range names[1:] {
		switch name {
		case "free":
			p.free = true
		case "maybe":
			p.maybe = true
		case "empty":
			p.empty = true
		default:
			p.names = append(p.names, name)
		}
	}
	var err error
	if p.Filters, err = ParseFilters(p.names); err != nil {
		return part{}, err
	}
	p.weakens = slices.ContainsFunc(p.names, func(name string) bool { return name == "crc32" || name == "no-query" || name == "contentful" })
	switch p.Name {
	case PartBody, PartTimestamp, PartID, partMethod, PartURL, PartTarget, PartKey, PartForm, PartParams, partQuery, PartChallenge:
		return p, nil
	}
	for name, kind := range map[PartName]place.Kind{partListed: place.Header, partPlivo: place.Header, partOnly: place.Form, partPHP: place.Form, partQSH: place.Setting, partWeChat: place.Query} {
		if at, ok := strings.CutPrefix(names[0], string(name)+":"); ok {
			p.Name = name
			p.At, err = place.Parse(string(kind)+":"+at, kind)
			return p, err
		}
	}
	if !strings.Contains(names[0], ":") {
		return part{}, fmt.Errorf("%w: content has the unknown name {%s}", spec.ErrRow, names[0])
	}
	p.Name = PartPlace
	p.At, err = place.Parse(names[0], place.Header, place.Query, place.JSON, place.Form, place.Claim, place.Setting)
	c.Add(&p.At)
	return p, err
}

// parts returns the parts of t in their order.
func (t *Template) parts() iter.Seq[*part] {
	return func(yield func(*part) bool) {
		for i := range t.Segments {
			for j := range t.Segments[i].Parts {
				if !yield(&t.Segments[i].Parts[j]) {
					return
				}
			}
		}
	}
}

// Has reports whether t has a part of that name, be it within that of WeChat.
func (t *Template) Has(name PartName) bool {
	for p := range t.parts() {
		if p.Name == name || p.Name == partWeChat && (name == PartKey || name == PartTimestamp) {
			return true
		}
	}
	return false
}

// Refers reports whether t holds a place of the given kind and name.
func (t *Template) Refers(at place.Place) bool {
	for p := range t.parts() {
		if p.Name == PartPlace && p.At.Kind == at.Kind && p.At.Name == at.Name {
			return true
		}
	}
	return false
}

// CoversBody reports whether a body is signed by t: any, or only one that is a form.
// A checksum signs none, and counts here because a provider has nothing better.
func (t *Template) CoversBody(form bool) bool {
	return t.Has(PartBody) || t.Has(partPlivo) || t.Has(partWeChat) || t.Has(PartParams) || form && slices.ContainsFunc([]PartName{PartForm, partOnly, partPHP}, t.Has)
}

// Sealed reports whether t needs an encrypted payload.
func (t *Template) Sealed() bool { return t.Nonce().Kind != place.Nothing }

// Nonce returns the place of the nonce that WeChat signs, no place where t has none.
func (t *Template) Nonce() place.Place {
	for p := range t.parts() {
		if p.Name == partWeChat {
			return p.At
		}
	}
	return place.Place{}
}

// InForm reports whether a place is a field of a form.
func InForm(at place.Place) bool { return at.Kind == place.Form }

// Need makes listed headers hold name, and reports whether any are listed.
func (t *Template) Need(name string) bool {
	for p := range t.parts() {
		if p.Name == partListed {
			for _, n := range []string{p.At.Name, name} {
				if !slices.Contains(p.need, n) {
					p.need = append(p.need, n)
				}
			}
			return true
		}
	}
	return false
}

// Listed returns the header that lists headers, and those that it must list.
func (t *Template) Listed() (header string, need []string) {
	for p := range t.parts() {
		if p.Name == partListed {
			return p.At.Name, p.need
		}
	}
	return "", nil
}

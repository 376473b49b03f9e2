package signedtext

import (
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// parser is how a template's text would be taken apart again, of which there must be
// one way: where the border between two parts can be drawn in two places, one
// signature proves two deliveries.
type parser struct {
	parts   []*part
	segment []*segment // of each part
	last    []bool     // whether a part ends its segment
	first   []bool     // whether it begins one
	unit    spec.Unit  // of the signed time
	methods []string   // of deliveries
}

func (t *Template) parser(unit spec.Unit, methods []string) *parser {
	r := &parser{unit: unit, methods: methods}
	for i := range t.Segments {
		s := &t.Segments[i]
		for j := range s.Parts {
			r.parts = append(r.parts, &s.Parts[j])
			r.segment = append(r.segment, s)
			r.first = append(r.first, j == 0)
			r.last = append(r.last, j == len(s.Parts)-1)
		}
	}
	return r
}

// moves returns the part whose end nothing tells, where another part behind it has no
// beginning either. It takes the text apart from both ends: what is left in the
// middle may be one part.
func (r *parser) moves() *part {
	left, right := 0, len(r.parts)-1
	if len(r.parts) > 0 && r.first[0] && r.segment[0].Optional && !r.distinct(r.followers(-1)) {
		return r.parts[0]
	}
	for left < right && r.ends(left) {
		left++
	}
	for left < right && r.begins(right) {
		right--
	}
	if left < right {
		return r.parts[left]
	}
	return nil
}

// ends reports whether the text tells where part i ends, once it is known where that
// begins, and which part follows.
func (r *parser) ends(i int) bool {
	next := r.followers(i)
	if len(next) > 1 && !r.distinct(next) {
		return false
	}
	p := r.parts[i]
	if r.closed(p) {
		return true
	}
	switch {
	case !r.distinct(next):
		return false
	case p.Name == partListed: // header values have no control characters
		return !slices.ContainsFunc(next, func(p *part) bool { return !controlled(p.Literal) })
	}
	return (p.bordered() || p.Name == PartURL || p.Name == PartTarget) && p.keepsBorders(r.literals(next)) && apart(r.literals(next))
}

// begins reports whether the text tells where part i begins, once it is known where
// that ends.
func (r *parser) begins(i int) bool {
	if r.segment[i].Optional || i > 0 && r.segment[i-1].Optional {
		return false
	}
	p := r.parts[i]
	if i == 0 || r.closed(p) {
		return true
	}
	before := r.parts[i-1].Literal
	return before != "" && p.keepsBorders([]string{before}) && apart([]string{before}) && (p.bordered() ||
		(p.Name == PartURL || p.Name == PartTarget) && controlled(before))
}

// controlled reports whether a literal holds a character that no URL and no header
// holds.
func controlled(literal string) bool {
	return strings.ContainsFunc(literal, func(c rune) bool { return c < ' ' })
}

// followers are the parts that may stand behind part i, -1 for the beginning.
func (r *parser) followers(i int) []*part {
	if i >= 0 && !r.last[i] {
		return r.parts[i+1 : i+2]
	}
	var all []*part
	for k := i + 1; k < len(r.parts); k++ {
		if !r.first[k] {
			continue
		}
		all = append(all, r.parts[k])
		if !r.segment[k].Optional {
			break
		}
	}
	return all
}

func (r *parser) literals(parts []*part) (all []string) {
	for _, p := range parts {
		all = append(all, p.Literal)
	}
	return all
}

// distinct reports whether the first bytes of a text tell which of parts it is.
func (r *parser) distinct(parts []*part) bool {
	for i, p := range parts {
		same := func(other *part) bool { return strings.HasPrefix(other.Literal, p.Literal) }
		if p.Literal == "" || slices.ContainsFunc(parts[i+1:], same) || slices.ContainsFunc(parts[:i], same) {
			return false
		}
	}
	return true
}

// apart reports whether none of literals can begin in a value and go on in one that
// stands behind it: "x." and ".." hold the literal before its place. One that begins
// and ends with a control character cannot, as no value has any.
func apart(literals []string) bool {
	for _, b := range literals {
		if controlled(b[:1]) && controlled(b[len(b)-1:]) {
			continue
		}
		for _, a := range literals {
			for k := 1; k < len(b); k++ {
				if strings.HasPrefix(a, b[k:]) || strings.HasPrefix(b[k:], a) {
					return false
				}
			}
		}
	}
	return true
}

// closed reports whether p's text has one length, or is one of a few texts of which
// none begins or ends another.
func (r *parser) closed(p *part) bool {
	if p.Name == PartLiteral || p.fixedSize() {
		return true
	}
	if len(p.names) > 0 && p.Name != partMethod {
		return false
	}
	switch p.Name {
	case PartKey:
		return true // known to both sides, as a setting is
	case PartPlace:
		return p.At.Kind == place.Setting
	case PartTimestamp:
		// A time within the tolerance has as many digits as today's, and nothing that
		// begins or ends a time of RFC 3339 is one.
		return r.unit == spec.Seconds || r.unit == spec.Milliseconds || r.unit == spec.RFC3339
	case partMethod:
		return len(r.methods) <= 1 || !overlap(r.methods)
	}
	return false
}

// overlap reports whether one of texts begins or ends another.
func overlap(texts []string) bool {
	for i, a := range texts {
		for j, b := range texts {
			if i != j && (strings.HasPrefix(b, a) || strings.HasSuffix(b, a)) {
				return true
			}
		}
	}
	return false
}

// fixedSize reports whether a filter of p is a hash, behind which only encodings
// stand.
func (p *part) fixedSize() bool {
	return slices.ContainsFunc(p.names, func(name string) bool { return spec.Hash(name).Size() > 0 })
}

// bordered reports whether p's value is refused where it holds a literal at one of
// its borders.
func (p *part) bordered() bool {
	switch p.Name {
	case PartID, PartTimestamp:
		return true
	case PartPlace:
		return !p.free
	}
	return false
}

// keepsBorders reports whether what the filters make of a value without the literals
// has none of them either.
func (p *part) keepsBorders(literals []string) bool {
	for _, name := range p.names {
		for _, literal := range literals {
			switch name {
			case "lower", "upper":
				if strings.ToLower(literal) != strings.ToUpper(literal) {
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}

// borders notes for each part what may stand behind it, and refuses what could
// never be told apart.
func (t *Template) borders() error {
	free, open := 0, false
	for i := range t.Segments {
		for j := range t.Segments[i].Parts {
			p := &t.Segments[i].Parts[j]
			p.borders = t.following(i, j)
			if open {
				p.borders = append(p.borders, t.preceding(i, j)...)
			}
			if p.free {
				free++
			}
			open = open || p.open()
		}
	}
	if free > 1 {
		return fmt.Errorf("%w: content has two values that may hold anything", spec.ErrRow)
	}
	for _, name := range []PartName{PartBody, PartTimestamp, PartID} {
		if t.count(name) > 1 {
			return fmt.Errorf("%w: content has {%s} twice", spec.ErrRow, name)
		}
	}
	return nil
}

// following returns the literals that may stand right behind a part.
func (t *Template) following(i, j int) []string {
	if parts := t.Segments[i].Parts; j+1 < len(parts) {
		if parts[j+1].Literal == "" {
			return nil
		}
		return []string{parts[j+1].Literal}
	}
	var all []string
	for _, s := range t.Segments[i+1:] {
		if first := s.Parts[0].Literal; first != "" {
			all = append(all, first)
		}
		if !s.Optional {
			break
		}
	}
	return all
}

// preceding returns the literals that may stand right before a part.
func (t *Template) preceding(i, j int) []string {
	if j > 0 {
		if before := t.Segments[i].Parts[j-1].Literal; before != "" {
			return []string{before}
		}
		return nil
	}
	var all []string
	for k := i - 1; k >= 0; k-- {
		parts := t.Segments[k].Parts
		if last := parts[len(parts)-1].Literal; last != "" {
			all = append(all, last)
		}
		if !t.Segments[k].Optional {
			break
		}
	}
	return all
}

// open reports whether no literal tells where p ends, be it that p may hold it or
// that there is none.
func (p *part) open() bool {
	switch p.Name {
	case PartLiteral, PartKey, partMethod:
		return false
	case PartID, PartTimestamp, PartURL, PartTarget, PartPlace:
		return p.free || len(p.borders) == 0
	}
	return true
}

// Separates reports whether a value leaves the borders of the signed text where
// they are.
func (t *Template) Separates(text string, name PartName) bool {
	for i := range t.Segments {
		for j := range t.Segments[i].Parts {
			if p := &t.Segments[i].Parts[j]; p.Name == name && !separates(text, p.borders) {
				return false
			}
		}
	}
	return true
}

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
	unit    spec.Unit // of the signed time
	methods []string  // of deliveries
}

func (t *Template) parser(unit spec.Unit, methods []string) *parser {
	return &parser{slices.Collect(t.parts()), unit, methods}
}

// moves returns the part whose end nothing tells, where another part behind it has no
// beginning either. It takes the text apart from both ends: what is left in the
// middle may be one part.
func (r *parser) moves() *part {
	left, right := 0, len(r.parts)-1
	if len(r.parts) > 0 && r.parts[0].optional && !distinct(r.followers(-1)) {
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
	if len(next) > 1 && !distinct(next) {
		return false
	}
	p := r.parts[i]
	if r.closed(p) {
		return true
	}
	switch {
	case !distinct(next):
		return false
	case p.Name == partListed: // header values have no control characters
		return !slices.ContainsFunc(next, func(p *part) bool { return !controlled(p.Literal) })
	}
	return (p.bordered() || p.Name == PartURL || p.Name == PartTarget) && p.keepsBorders(literals(next)) && apart(literals(next))
}

// begins reports whether the text tells where part i begins, once it is known where
// that ends.
func (r *parser) begins(i int) bool {
	p := r.parts[i]
	if p.optional || i > 0 && r.parts[i-1].optional {
		return false
	}
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
	if i >= 0 && !r.parts[i].last {
		return r.parts[i+1 : i+2]
	}
	var all []*part
	for _, p := range r.parts[i+1:] {
		if !p.first {
			continue
		}
		if all = append(all, p); !p.optional {
			break
		}
	}
	return all
}

// leaders are the parts that may stand before part i.
func (r *parser) leaders(i int) []*part {
	if !r.parts[i].first {
		return r.parts[i-1 : i]
	}
	var all []*part
	for _, p := range slices.Backward(r.parts[:i]) {
		if !p.last {
			continue
		}
		if all = append(all, p); !p.optional {
			break
		}
	}
	return all
}

// literals are the fixed texts among parts.
func literals(parts []*part) (all []string) {
	for _, p := range parts {
		if p.Literal != "" {
			all = append(all, p.Literal)
		}
	}
	return all
}

// distinct reports whether the first bytes of a text tell which of parts it is.
func distinct(parts []*part) bool {
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
	if p.Name == PartLiteral || p.fixedSize() || p.Name == PartKey || p.Name == PartPlace && p.At.Kind == place.Setting {
		return true // a key and a setting are known to both sides
	}
	if len(p.names) > 0 && p.Name != partMethod {
		return false
	}
	switch p.Name {
	case PartTimestamp:
		// A time within the tolerance has as many digits as today's, and nothing that
		// begins or ends a time of RFC 3339 is one. Without a zone, fewer digits of a
		// second are one.
		return r.unit == spec.Seconds || r.unit == spec.Milliseconds || r.unit == spec.RFC3339 || r.unit == spec.HTTPDate
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
	return slices.ContainsFunc(p.names, func(name string) bool { return name == "md5" || spec.Hash(name).Size() > 0 })
}

// bordered reports whether p's value is refused where it holds a literal at one of
// its borders.
func (p *part) bordered() bool {
	switch p.Name {
	case PartID, PartTimestamp, PartPlace:
		return !p.free
	}
	return false
}

// keepsBorders reports whether what the filters make of a value without the literals
// has none of them either.
func (p *part) keepsBorders(literals []string) bool {
	for _, name := range p.names {
		for _, literal := range literals {
			if name != "lower" && name != "upper" || strings.ToLower(literal) != strings.ToUpper(literal) {
				return false
			}
		}
	}
	return true
}

// borders notes for each part what may stand behind it, and refuses what could
// never be told apart.
func (t *Template) borders() error {
	free, open, names := false, false, []PartName{}
	r := t.parser("", nil)
	for i, p := range r.parts {
		p.borders = literals(r.followers(i))
		if open {
			p.borders = append(p.borders, literals(r.leaders(i))...)
		}
		if free && p.free {
			return fmt.Errorf("%w: content has two values that may hold anything", spec.ErrRow)
		}
		if (p.Name == PartBody || p.Name == PartTimestamp || p.Name == PartID) && slices.Contains(names, p.Name) {
			return fmt.Errorf("%w: content has {%s} twice", spec.ErrRow, p.Name)
		}
		free, open, names = free || p.free, open || p.open(), append(names, p.Name)
	}
	return nil
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
	for p := range t.parts() {
		if p.Name == name && !p.free && !separates(text, p.borders) {
			return false
		}
	}
	return true
}

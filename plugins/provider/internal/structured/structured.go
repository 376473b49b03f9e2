// Package structured reads dictionaries of structured fields (RFC 8941), in which HTTP
// message signatures (RFC 9421) and digests (RFC 9530) are written.
//
// It takes what a serializer writes (RFC 8941 section 4.1) and nothing else, so that a
// value has one spelling: no blanks but one behind a comma, no number with a zero in
// front, no escape without need, no name twice. Decimals are refused, since nothing that
// is read here is written in them.
package structured

import (
	"errors"
	"slices"
	"strings"
)

// Bounds of a field. Signatures of real senders have below ten components and eight
// parameters.
const (
	maxMembers = 16
	maxItems   = 32
	maxParams  = 16
)

// ErrSyntax means that a text is no dictionary in the one spelling that it has.
var ErrSyntax = errors.New("field is no dictionary")

// Kind is what a bare item is.
type Kind byte

// The kinds.
const (
	Boolean Kind = iota
	Integer
	String
	Token
	Bytes
)

// Value is a bare item. Text is what a string says, the base64 of bytes, and otherwise
// what stands there.
type Value struct {
	Kind Kind
	Text string
}

// Param is a parameter of an item or a list.
type Param struct {
	Name string
	Value
}

// Item is an item with its parameters; Raw is how it stands there.
type Item struct {
	Value
	Params []Param
	Raw    string
}

// Member is a member of a dictionary: an item, or an inner list of Items.
type Member struct {
	Name string
	Item
	IsList bool
	Items  []Item
}

// Param returns the parameter of a name.
func (i *Item) Param(name string) (Value, bool) {
	at := slices.IndexFunc(i.Params, func(p Param) bool { return p.Name == name })
	if at < 0 {
		return Value{}, false
	}
	return i.Params[at].Value, true
}

// Find returns the member of a name, nil where there is none.
func Find(all []Member, name string) *Member {
	at := slices.IndexFunc(all, func(m Member) bool { return m.Name == name })
	if at < 0 {
		return nil
	}
	return &all[at]
}

// Dictionary reads a field. The error is ErrSyntax, also where a name is there twice,
// which two readers could take for two values.
func Dictionary(text string) ([]Member, error) {
	s := scanner{rest: text}
	var all []Member
	for len(all) < maxMembers {
		m, ok := s.member()
		if !ok || Find(all, m.Name) != nil {
			return nil, ErrSyntax
		}
		all = append(all, m)
		if s.rest == "" {
			return all, nil
		}
		if !s.skip(",") {
			return nil, ErrSyntax
		}
		s.skip(" ") // which a proxy that joins lines may leave out
	}
	return nil, ErrSyntax
}

// scanner is what of a field is not read yet.
type scanner struct{ rest string }

func (s *scanner) skip(text string) bool {
	rest, ok := strings.CutPrefix(s.rest, text)
	s.rest = rest
	return ok
}

// take returns the longest run of chars.
func (s *scanner) take(chars string) string {
	n := len(s.rest) - len(strings.TrimLeft(s.rest, chars))
	run := s.rest[:n]
	s.rest = s.rest[n:]
	return run
}

const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
)

func (s *scanner) name() (string, bool) {
	name := s.take(lower + digits + "_-.*")
	return name, name != "" && strings.Contains(lower+"*", name[:1])
}

func (s *scanner) member() (m Member, ok bool) {
	if m.Name, ok = s.name(); !ok {
		return m, false
	}
	if !s.skip("=") {
		m.Text = "1"
		m.Params, ok = s.params()
		return m, ok
	}
	start := s.rest
	if s.skip("(") {
		m.IsList = true
		m.Items, ok = s.items()
	} else {
		m.Value, ok = s.bare()
	}
	if ok {
		m.Params, ok = s.params()
	}
	m.Raw = start[:len(start)-len(s.rest)]
	return m, ok
}

// items reads an inner list behind its bracket.
func (s *scanner) items() ([]Item, bool) {
	var all []Item
	for !s.skip(")") {
		if len(all) == maxItems || len(all) > 0 && !s.skip(" ") {
			return nil, false
		}
		start := s.rest
		value, ok := s.bare()
		if !ok {
			return nil, false
		}
		params, ok := s.params()
		if !ok {
			return nil, false
		}
		all = append(all, Item{value, params, start[:len(start)-len(s.rest)]})
	}
	return all, true
}

func (s *scanner) params() (all []Param, ok bool) {
	for s.skip(";") {
		p := Param{Value: Value{Boolean, "1"}}
		if p.Name, ok = s.name(); !ok || len(all) == maxParams {
			return nil, false
		}
		if s.skip("=") {
			if p.Value, ok = s.bare(); !ok {
				return nil, false
			}
		}
		if slices.ContainsFunc(all, func(q Param) bool { return q.Name == p.Name }) {
			return nil, false
		}
		all = append(all, p)
	}
	return all, true
}

func (s *scanner) bare() (Value, bool) {
	if s.rest == "" {
		return Value{}, false
	}
	switch c := s.rest[0]; {
	case c == '"':
		return s.text()
	case c == ':':
		inside, rest, closed := strings.Cut(s.rest[1:], ":")
		s.rest = rest
		return Value{Bytes, inside}, closed && strings.Trim(inside, lower+upper+digits+"+/-_=") == ""
	case c == '?': // a true parameter or member is written without a value
		return Value{Boolean, "0"}, s.skip("?0")
	case c == '-' || c >= '0' && c <= '9':
		return s.integer()
	case strings.IndexByte(lower+upper+"*", c) >= 0:
		return Value{Token, s.take(lower + upper + digits + "!#$%&'*+-.^_`|~:/")}, true
	}
	return Value{}, false
}

// integer reads at most fifteen digits (RFC 8941 section 3.3.1).
func (s *scanner) integer() (Value, bool) {
	sign := s.take("-")
	number := s.take(digits)
	ok := len(sign) <= 1 && number != "" && len(number) <= 15 && (number[0] != '0' || number == "0" && sign == "")
	return Value{Integer, sign + number}, ok && !strings.HasPrefix(s.rest, ".")
}

// text reads a string, in which only a quote and a backslash are escaped.
func (s *scanner) text() (Value, bool) {
	var b strings.Builder
	for i := 1; i < len(s.rest); i++ {
		c := s.rest[i]
		switch {
		case c == '"':
			s.rest = s.rest[i+1:]
			return Value{String, b.String()}, true
		case c == '\\':
			if i++; i == len(s.rest) || s.rest[i] != '"' && s.rest[i] != '\\' {
				return Value{}, false
			}
			c = s.rest[i]
		case c < ' ' || c > '~':
			return Value{}, false
		}
		b.WriteByte(c)
	}
	return Value{}, false
}

package engine

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/internal/jsonscan"
)

// maxDepth is how deep a document may be; jsonscan lets none pass that is deeper,
// and an event of another origin must not exhaust the stack.
const maxDepth = jsonscan.MaxDepth + 1

// selection converts the parts of a payload that a plan reads. The payload is
// valid JSON: normalize, or who read the event back, has checked it.
type selection struct {
	left int // bytes that may still be converted; below 0 nothing more is
}

func (s *selection) of(body []byte, p *plan) *ast.Term {
	c := jsonscan.NewCursor(body)
	return s.value(&c, p, maxDepth)
}

// value converts the next value, nil where the plan reads nothing in it. Of two members of
// one name the last counts, as for later readers of the event.
func (s *selection) value(c *jsonscan.Cursor, p *plan, depth int) *ast.Term {
	if p.all {
		return s.whole(c, depth)
	}
	if c.Kind() != '{' || depth == 0 {
		c.Raw() // a name inside what is no object leads nowhere
		return nil
	}
	c.Enter()
	var pairs [][2]*ast.Term
	for c.More() {
		next := p.member(c.Raw())
		if next == nil {
			c.Raw()
			continue
		}
		v := s.value(c, next, depth-1)
		pairs = slices.DeleteFunc(pairs, func(pair [2]*ast.Term) bool { return pair[0] == next.key })
		if v != nil {
			pairs = append(pairs, ast.Item(next.key, v))
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	return ast.ObjectTerm(pairs...)
}

// member returns what is read under a name as it stands in the payload.
func (p *plan) member(raw []byte) *plan {
	if len(raw) < 2 || bytes.IndexByte(raw, '\\') >= 0 {
		return p.next[unquote(raw)]
	}
	return p.next[string(raw[1:len(raw)-1])]
}

func (s *selection) whole(c *jsonscan.Cursor, depth int) *ast.Term {
	kind := c.Kind()
	if kind == '{' || kind == '[' {
		if depth == 0 || s.left < 0 {
			s.left = -1
			c.Raw()
			return nil
		}
		c.Enter()
		if kind == '{' {
			return s.object(c, depth-1)
		}
		return s.array(c, depth-1)
	}
	raw := c.Raw()
	if s.left -= len(raw); s.left < 0 {
		return nil
	}
	if isNumber(raw) && !countable(raw) {
		s.left = -1
		return nil
	}
	return scalar(raw)
}

// The bounds of a number. OPA allows none in a policy that is much larger, and
// fails, or computes for seconds, on one in an input.
const (
	maxDigits   = 1024 // bytes of the whole number
	maxExponent = 4    // digits of its exponent
)

func isNumber(raw []byte) bool {
	return len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9')
}

// countable reports whether OPA can do arithmetic with a number.
func countable(raw []byte) bool {
	if len(raw) > maxDigits {
		return false
	}
	i := bytes.IndexAny(raw, "eE")
	return i < 0 || len(bytes.TrimLeft(raw[i+1:], "+-0")) <= maxExponent
}

func (s *selection) object(c *jsonscan.Cursor, depth int) *ast.Term {
	s.left -= 2
	var pairs [][2]*ast.Term
	for c.More() {
		raw := c.Raw()
		s.left -= len(raw) + 2
		v := s.whole(c, depth)
		if v == nil {
			s.left = -1
			c.Leave()
			break
		}
		pairs = append(pairs, ast.Item(ast.StringTerm(unquote(raw)), v))
	}
	return ast.ObjectTerm(pairs...)
}

func (s *selection) array(c *jsonscan.Cursor, depth int) *ast.Term {
	s.left -= 2
	var elements []*ast.Term
	for c.More() {
		s.left--
		v := s.whole(c, depth)
		if v == nil {
			s.left = -1
			c.Leave()
			break
		}
		elements = append(elements, v)
	}
	return ast.ArrayTerm(elements...)
}

func scalar(raw []byte) *ast.Term {
	switch {
	case len(raw) == 0:
		return nil
	case raw[0] == '"':
		return ast.StringTerm(unquote(raw))
	case raw[0] == 't':
		return ast.InternedTerm(true)
	case raw[0] == 'f':
		return ast.InternedTerm(false)
	case raw[0] == 'n':
		return ast.InternedNullTerm
	default:
		return ast.NumberTerm(json.Number(raw))
	}
}

// unquote decodes raw, with U+FFFD for half a surrogate pair, as other readers do.
func unquote(raw []byte) string {
	if len(raw) >= 2 && bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	text, _ := jsontext.AppendUnquote(nil, raw) // valid, or cut where it is not
	return string(text)
}

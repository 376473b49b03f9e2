package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
)

// inputPlan builds the input out of what the policy reads.
type inputPlan struct {
	sections                          []section
	data                              *plan
	truncated                         bool
	max                               int
	headersKey, dataKey, truncatedKey *ast.Term
}

func newInputPlan(root *plan, o Options) *inputPlan {
	p := &inputPlan{
		sections: sections(), data: root.at("data"), truncated: root.at("truncated") != nil, max: cmp.Or(o.MaxInput, DefaultMaxInput),
		headersKey: ast.StringTerm("headers"), dataKey: ast.StringTerm("data"), truncatedKey: ast.StringTerm("truncated"),
	}
	for i := range p.sections {
		s := &p.sections[i]
		read := root.under(s.key)
		s.texts = slices.DeleteFunc(s.texts, func(f text) bool { return read.under(f.key) == nil })
		s.lists = slices.DeleteFunc(s.lists, func(l list) bool { return read.under(l.key) == nil })
		if s.key.Equal(ast.StringTerm("request")) {
			s.headers = slices.DeleteFunc(slices.Clone(o.Headers), func(name string) bool { return read.at("headers").at(name) == nil })
		}
	}
	return p
}

func (p *plan) under(key *ast.Term) *plan { return p.at(string(key.Value.(ast.String))) }

// build makes the input of an event with the payload data, the event's or a key's. What the
// policy does not read may be missing.
func (p *inputPlan) build(in Input, data []byte) ast.Value {
	pairs := make([][2]*ast.Term, 0, 5)
	for i := range p.sections {
		if members := p.members(&p.sections[i], in); len(members) > 0 {
			pairs = append(pairs, ast.Item(p.sections[i].key, ast.ObjectTerm(members...)))
		}
	}
	read, truncated := p.payload(in.Event, data)
	if read != nil {
		pairs = append(pairs, ast.Item(p.dataKey, read))
	}
	if p.truncated {
		pairs = append(pairs, ast.Item(p.truncatedKey, ast.InternedTerm(truncated)))
	}
	return ast.NewObject(pairs...)
}

func (p *inputPlan) members(s *section, in Input) [][2]*ast.Term {
	if len(s.texts)+len(s.lists)+len(s.headers) == 0 {
		return nil
	}
	pairs := make([][2]*ast.Term, 0, len(s.texts)+len(s.lists)+1)
	for _, f := range s.texts {
		if v := f.of(in); v != "" {
			pairs = append(pairs, ast.Item(f.key, textTerm(v)))
		}
	}
	for _, l := range s.lists {
		if values, there := l.of(in); there {
			terms := make([]*ast.Term, len(values))
			for i, v := range values {
				terms[i] = textTerm(v)
			}
			pairs = append(pairs, ast.Item(l.key, ast.ArrayTerm(terms...)))
		}
	}
	var headers [][2]*ast.Term
	for _, name := range s.headers {
		if values := headerValues(in, name); values != nil {
			headers = append(headers, ast.Item(ast.StringTerm(name), textTerm(strings.Join(values, ", "))))
		}
	}
	if len(headers) > 0 {
		pairs = append(pairs, ast.Item(p.headersKey, ast.ObjectTerm(headers...)))
	}
	return pairs
}

func textTerm(s string) *ast.Term { return ast.StringTerm(strings.ToValidUTF8(s, "\uFFFD")) }

// headerValues returns nil for a header that is not there.
func headerValues(in Input, name string) []string {
	if in.Request == nil {
		return nil
	}
	var values []string
	for _, h := range in.Request.Headers {
		if h.Name == name {
			values = append(values, h.Value)
		}
	}
	return values
}

// payload returns what is read of the payload, and whether some of that is missing.
func (p *inputPlan) payload(e *event.Event, data []byte) (read *ast.Term, truncated bool) {
	switch {
	case e.Binary:
		return nil, true
	case p.data == nil || len(data) == 0:
		return nil, false
	}
	s := selection{left: p.max}
	value := s.of(data, p.data)
	if s.left < 0 {
		return nil, true
	}
	return value, false
}

package engine

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
)

// inputPlan builds the input out of what the policy reads.
type inputPlan struct {
	event, request, verification []text
	eventLists, proofLists       []list
	headers                      []string
	data                         *plan
	truncated                    bool
	max                          int
	keys                         inputKeys
}

type inputKeys struct{ event, request, verification, headers, data, truncated *ast.Term }

func newInputPlan(root *plan, o Options) *inputPlan {
	p := &inputPlan{
		event:        root.at("event").fields(eventFields()),
		eventLists:   root.at("event").lists(eventLists()),
		proofLists:   root.at("verification").lists(verificationLists()),
		request:      root.at("request").fields(requestFields()),
		verification: root.at("verification").fields(verificationFields()),
		data:         root.at("data"), truncated: root.at("truncated") != nil, max: o.MaxInput,
		keys: inputKeys{
			event: ast.StringTerm("event"), request: ast.StringTerm("request"), verification: ast.StringTerm("verification"),
			headers: ast.StringTerm("headers"), data: ast.StringTerm("data"), truncated: ast.StringTerm("truncated"),
		},
	}
	if p.max <= 0 {
		p.max = DefaultMaxInput
	}
	headers := root.at("request").at("headers")
	for _, name := range o.Headers {
		if headers.at(name) != nil {
			p.headers = append(p.headers, name)
		}
	}
	return p
}

func (p *plan) fields(all []text) []text {
	return slices.DeleteFunc(all, func(f text) bool { return p.at(string(f.key.Value.(ast.String))) == nil })
}

func (p *plan) lists(all []list) []list {
	return slices.DeleteFunc(all, func(l list) bool { return p.at(string(l.key.Value.(ast.String))) == nil })
}

// build makes the input of one event whose payload is data: that of the event, or
// what a key has of it. What a policy does not read may be missing, and objects
// whose members are not read too.
func (p *inputPlan) build(in Input, data []byte) ast.Value {
	pairs := make([][2]*ast.Term, 0, 5)
	add := func(key *ast.Term, members [][2]*ast.Term) {
		if len(members) > 0 {
			pairs = append(pairs, ast.Item(key, ast.ObjectTerm(members...)))
		}
	}
	add(p.keys.event, withLists(p.texts(p.event, in), p.eventLists, in))
	members := p.texts(p.request, in)
	if headers := p.headerPairs(in); len(headers) > 0 {
		members = append(members, ast.Item(p.keys.headers, ast.ObjectTerm(headers...)))
	}
	add(p.keys.request, members)
	add(p.keys.verification, withLists(p.texts(p.verification, in), p.proofLists, in))
	read, truncated := p.payload(in.Event, data)
	if read != nil {
		pairs = append(pairs, ast.Item(p.keys.data, read))
	}
	if p.truncated {
		pairs = append(pairs, ast.Item(p.keys.truncated, ast.InternedTerm(truncated)))
	}
	return ast.NewObject(pairs...)
}

func (p *inputPlan) texts(fields []text, in Input) [][2]*ast.Term {
	if len(fields) == 0 {
		return nil
	}
	pairs := make([][2]*ast.Term, 0, len(fields)+1)
	for _, f := range fields {
		if v := f.of(in); v != "" {
			pairs = append(pairs, ast.Item(f.key, ast.StringTerm(strings.ToValidUTF8(v, "\uFFFD"))))
		}
	}
	return pairs
}

func withLists(pairs [][2]*ast.Term, lists []list, in Input) [][2]*ast.Term {
	for _, l := range lists {
		if values, there := l.of(in); there {
			terms := make([]*ast.Term, len(values))
			for i, v := range values {
				terms[i] = ast.StringTerm(strings.ToValidUTF8(v, "\uFFFD"))
			}
			pairs = append(pairs, ast.Item(l.key, ast.ArrayTerm(terms...)))
		}
	}
	return pairs
}

func (p *inputPlan) headerPairs(in Input) [][2]*ast.Term {
	var pairs [][2]*ast.Term
	for _, name := range p.headers {
		if values := headerValues(in, name); values != nil {
			joined := strings.ToValidUTF8(strings.Join(values, ", "), "\uFFFD")
			pairs = append(pairs, ast.Item(ast.StringTerm(name), ast.StringTerm(joined)))
		}
	}
	return pairs
}

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

// payload returns what is read of the payload, nil where nothing is, and whether
// something that could be read is missing.
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

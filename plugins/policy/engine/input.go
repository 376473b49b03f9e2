package engine

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
)

// Input is one event as a policy is asked about it.
type Input struct {
	Event *event.Event
	// Request is the delivery that the event came in; nil for an event that is
	// read from a stream.
	Request *pipeline.Delivery
}

const receivedLayout = "2006-01-02T15:04:05.000Z07:00" // as in the event's receivedat

// text is one field of the input that holds a text; an empty one is absent.
type text struct {
	key *ast.Term
	of  func(Input) string
}

// list is one field of the input that holds texts; nil is absent, an empty one
// is not.
type list struct {
	key *ast.Term
	of  func(Input) []string
}

func field(name string, of func(Input) string) text {
	return text{key: ast.StringTerm(name), of: of}
}

func request(of func(*pipeline.Delivery) string) func(Input) string {
	return func(in Input) string {
		if in.Request == nil {
			return ""
		}
		return of(in.Request)
	}
}

// The fields follow schemas/policy/input.json, which a test holds them to.

func eventFields() []text {
	return []text{
		field("id", func(in Input) string { return in.Event.ID }),
		field("source", func(in Input) string { return in.Event.Source }),
		field("type", func(in Input) string { return in.Event.FullType() }),
		field("provider", func(in Input) string { return in.Event.Provider }),
		field("name", func(in Input) string { return in.Event.Type }),
		field("action", func(in Input) string { return in.Event.Action }),
		field("subject", func(in Input) string { return in.Event.Subject }),
		field("tenant", func(in Input) string { return in.Event.Tenant }),
		field("time", func(in Input) string { return stamp(in.Event.Time, time.RFC3339Nano) }),
		field("content_type", func(in Input) string { return in.Event.DataContentType }),
		field("schema", func(in Input) string { return in.Event.DataSchema }),
	}
}

func requestFields() []text {
	return []text{
		field("id", func(in Input) string { return in.Event.RequestID }),
		field("received_at", func(in Input) string { return stamp(in.Event.ReceivedAt, receivedLayout) }),
		field("route", request(func(d *pipeline.Delivery) string { return d.Route })),
		field("method", request(func(d *pipeline.Delivery) string { return d.Method })),
		field("path", request(func(d *pipeline.Delivery) string { return d.Path })),
		field("client_ip", request(func(d *pipeline.Delivery) string { return address(d.ClientIP) })),
	}
}

func verificationFields() []text {
	return []text{
		field("scheme", func(in Input) string { return in.Event.Verification }),
		field("secret_id", func(in Input) string { return in.Event.SecretID }),
	}
}

func eventLists() []list {
	return []list{{ast.StringTerm("unsigned"), func(in Input) []string { return append([]string{}, in.Event.Unsigned...) }}}
}

func verificationLists() []list { return []list{{ast.StringTerm("covers"), covers}} }

// covers returns what the proof of in's sender covers. For an event that is read
// from a stream that is not known, so that nothing counts as covered.
func covers(in Input) []string {
	if in.Event.Verification == "" {
		return nil
	}
	if in.Request == nil || in.Request.Verification == nil || in.Request.Verification.Provider != in.Event.Provider {
		return []string{}
	}
	return append([]string{}, in.Request.Verification.Covers...)
}

func stamp(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.Unmap().String()
}

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

// build makes the input of one event. What a policy does not read may be
// missing, and objects whose members are not read too. small says that little of
// the payload is in it.
func (p *inputPlan) build(in Input) (document ast.Value, small bool) {
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
	data, truncated, size := p.payload(in.Event)
	if data != nil {
		pairs = append(pairs, ast.Item(p.keys.data, data))
	}
	if p.truncated {
		pairs = append(pairs, ast.Item(p.keys.truncated, ast.InternedTerm(truncated)))
	}
	return ast.NewObject(pairs...), size <= maxKey
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
		if values := l.of(in); values != nil {
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
	if in.Request == nil {
		return nil
	}
	var pairs [][2]*ast.Term
	for _, name := range p.headers {
		var values []string
		for _, h := range in.Request.Headers {
			if h.Name == name {
				values = append(values, strings.ToValidUTF8(h.Value, "\uFFFD"))
			}
		}
		if values != nil {
			pairs = append(pairs, ast.Item(ast.StringTerm(name), ast.StringTerm(strings.Join(values, ", "))))
		}
	}
	return pairs
}

// payload returns what is read of the payload, nil where nothing is, whether
// something that could be read is missing, and how many bytes it had.
func (p *inputPlan) payload(e *event.Event) (data *ast.Term, truncated bool, size int) {
	switch {
	case e.Binary:
		return nil, true, 0
	case p.data == nil || len(e.Data) == 0:
		return nil, false, 0
	}
	s := selection{left: p.max}
	value := s.of(e.Data, p.data)
	if s.left < 0 {
		return nil, true, 0
	}
	return value, false, p.max - s.left
}

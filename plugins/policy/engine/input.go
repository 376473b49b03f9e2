package engine

import (
	"net/netip"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
)

// Input is one event as a policy is asked about it.
type Input struct {
	Event *event.Event
	// Request is the event's delivery, nil for an event read from a stream.
	Request *pipeline.Delivery
}

// text is one field of the input that holds a text; an empty one is absent.
type text struct {
	key *ast.Term
	of  func(Input) string
}

// list is one field of the input that holds texts. One that is empty can be there.
type list struct {
	key *ast.Term
	of  func(Input) (values []string, there bool)
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

// section is an object of the input.
type section struct {
	key     *ast.Term
	texts   []text
	lists   []list
	headers []string // of the request, which have an object of their own in it
}

// sections are all that there is beside the payload. They follow
// schemas/policy/input.json, which a test holds them to.
func sections() []section {
	return []section{
		{key: ast.StringTerm("event"), texts: []text{
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
		}, lists: []list{{ast.StringTerm("unsigned"), func(in Input) ([]string, bool) { return in.Event.Unsigned, true }}}},
		{key: ast.StringTerm("request"), texts: []text{
			field("id", func(in Input) string { return in.Event.RequestID }),
			field("received_at", func(in Input) string { return stamp(in.Event.ReceivedAt, event.ReceivedLayout) }),
			field("route", request(func(d *pipeline.Delivery) string { return d.Route })),
			field("method", request(func(d *pipeline.Delivery) string { return d.Method })),
			field("path", request(func(d *pipeline.Delivery) string { return d.Path })),
			field("client_ip", request(func(d *pipeline.Delivery) string { return address(d.ClientIP) })),
		}},
		{key: ast.StringTerm("verification"), texts: []text{
			field("scheme", func(in Input) string { return in.Event.Verification }),
			field("secret_id", func(in Input) string { return in.Event.SecretID }),
		}, lists: []list{{ast.StringTerm("covers"), covers}}},
	}
}

// covers returns what the proof of in's sender covers. For an event that is read
// from a stream that is not known, so that nothing counts as covered.
func covers(in Input) (values []string, there bool) {
	if in.Event.Verification == "" {
		return nil, false
	}
	if in.Request == nil || in.Request.Verification == nil || in.Request.Verification.Provider != in.Event.Provider {
		return nil, true
	}
	return in.Request.Verification.Covers, true
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

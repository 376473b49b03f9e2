package feed

import (
	"net/http"
	"strings"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/list"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/stored"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/streams/archive"
)

// recordFact reads a record. What a delivery has in the stream kept is held back.
func recordFact(r *observe.Record, kept string) list.Fact {
	f := list.Fact{
		Source: list.Record, RequestID: r.RequestID, At: r.At, State: api.StateStored, Provider: r.Provider, Route: r.Route,
		Status: r.Status, Code: r.Code, Ack: r.Ack, Micros: r.Micros, Stage: r.Stage, Events: len(r.Events) + r.More,
	}
	if r.Reason != "" {
		f.State = api.StateRefused
	}
	for i := range r.Events {
		if r.Events[i].Hold != "" {
			f.State = api.StateHeld
		}
	}
	if r.Sequence > 0 && r.Stream == kept {
		f.Kept = r.Sequence
	} else if r.Sequence > 0 {
		f.Stored = site.Stored{Stream: r.Stream, Sequence: r.Sequence, Duplicate: r.Ack == "duplicate"}
	}
	if len(r.Events) > 0 {
		e := &r.Events[0]
		f.Type, f.Tenant, f.EventID, f.Resource = withoutProvider(e.Type, r.Provider), e.Tenant, e.ID, e.Subject
		if n := len(e.Targets); n > 0 && f.Events == 1 {
			f.Stored.Subject = e.Targets[n-1] // the last one that was published on
		}
	}
	return f
}

func withoutProvider(name, provider string) string { return strings.TrimPrefix(name, provider+".") }

func eventFact(e *stored.Event, stream string) list.Fact {
	f := list.Fact{
		Source: list.Event, RequestID: e.RequestID, At: e.ReceivedAt, State: api.StateStored, Provider: e.Provider, Route: e.Route,
		Type: withoutProvider(e.FullType(), e.Provider), Tenant: e.Tenant, Events: 1, EventID: e.ID, Resource: e.Subject,
		Stored: site.Stored{Stream: stream, Sequence: e.Message.Sequence, Subject: e.Message.Subject()},
	}
	if f.At.IsZero() {
		f.At = e.Message.StoredAt
	}
	return f
}

func keptFact(e *archive.Entry) list.Fact {
	f := list.Fact{
		Source: list.Kept, RequestID: e.RequestID, At: e.ReceivedAt, State: api.StateRefused, Provider: e.Provider, Route: e.Route,
		Code: e.Code, Kept: e.Sequence,
	}
	if e.Held {
		f.State = api.StateHeld
	}
	if f.At.IsZero() {
		f.At = e.StoredAt
	}
	return f
}

func requestFact(id, route string, took time.Duration, r *site.Request) list.Fact {
	f := list.Fact{
		Source: list.Gateway, RequestID: id, At: r.At, State: api.StateStored, Route: route, Status: r.Status, Micros: took.Microseconds(),
	}
	if r.Status >= http.StatusBadRequest {
		f.State = api.StateRefused
	}
	for _, h := range r.Answer {
		if strings.EqualFold(h[0], "Webhook-Ack") {
			f.Ack = h[1]
		}
	}
	return f
}

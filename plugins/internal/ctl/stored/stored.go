// Package stored picks stored events, for the commands that show, forward or wait for
// them.
package stored

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/streams/claimcheck"
	"webhookedge/plugins/streams/read"
)

// Event is an event as a stream has it.
type Event struct {
	*event.Event
	Message *read.Message
	Route   string // of Kong, "" where the message does not tell it

	whole bool // the message is the structured form, with all there is
}

// Parse reads a message of either content mode. The error is event.ErrNotEvent.
func Parse(m *read.Message) (*Event, error) {
	e, err := event.Parse(m.Headers(), m.Data())
	if err != nil {
		return nil, err
	}
	// Headers tell the mode, and never the data: a payload may be an event itself.
	binary := slices.ContainsFunc(slices.Collect(maps.Keys(m.Headers())), func(name string) bool { return strings.EqualFold(name, "ce-specversion") })
	return &Event{Event: e, Message: m, Route: routeOf(e, m.Headers().Get(jetstream.MsgIDHeader)), whole: !binary}, nil
}

// routeOf reads the route out of a message id, <provider>:<route>:<key>. With
// dedupe_scope: provider the id has none, and its key begins with a word, the id or the
// tenant; that of a copy is made of other things.
func routeOf(e *event.Event, id string) string {
	parts := strings.Split(id, ":")
	if e.Replayed || len(parts) < 3 || parts[0] != e.Provider || parts[1] == "content" || parts[1] == "ping" {
		return ""
	}
	if text, err := url.PathUnescape(parts[1]); err != nil || text == e.ID || text == e.Tenant {
		return ""
	}
	route, err := event.UnescapeToken(parts[1])
	if err != nil {
		return ""
	}
	return route
}

// Inline fetches the payload of a claim check into e, which keeps the reference.
func (e *Event) Inline(ctx context.Context, js jetstream.JetStream) error {
	if e.DataRef == "" {
		return nil
	}
	data, err := claimcheck.Fetch(ctx, js, e.Event, claimcheck.MaxData)
	if err != nil {
		return err
	}
	e.SetData(data)
	e.whole = false
	return nil
}

// Size is that of the payload, in bytes, wherever it is.
func (e *Event) Size() int {
	if e.DataRef != "" {
		return int(e.DataSize)
	}
	return len(e.Data)
}

// Document returns the event in its structured form: byte for byte, where it was stored so.
func (e *Event) Document() []byte {
	if e.whole {
		return e.Message.Data()
	}
	return e.AppendJSON(nil)
}

// Summary is an event without its payload, as commands write it as JSON.
type Summary struct {
	Sequence    uint64     `json:"sequence"`
	StoredAt    time.Time  `json:"stored_at"`
	Provider    string     `json:"provider"`
	Type        string     `json:"type"`
	Tenant      string     `json:"tenant,omitempty"`
	ID          string     `json:"id"`
	Subject     string     `json:"subject,omitempty"`
	Time        *time.Time `json:"time,omitempty"`
	NATSSubject string     `json:"nats_subject"`
	Route       string     `json:"route,omitempty"`
	RequestID   string     `json:"request_id,omitempty"`
	Bytes       int        `json:"bytes"`
	DataRef     string     `json:"dataref,omitempty"`
	Replayed    bool       `json:"replayed,omitempty"`
}

// Summary returns what a list says of e.
func (e *Event) Summary() Summary {
	s := Summary{
		Sequence: e.Message.Sequence, StoredAt: e.Message.StoredAt, Provider: e.Provider, Type: e.FullType(), Tenant: e.Tenant, ID: e.ID,
		Subject: e.Subject, NATSSubject: e.Message.Subject(), Route: e.Route, RequestID: e.RequestID, Bytes: e.Size(), DataRef: e.DataRef, Replayed: e.Replayed,
	}
	if !e.Time.IsZero() {
		s.Time = &e.Time
	}
	return s
}

// Get returns the event of a sequence, whatever the filters say.
func Get(ctx context.Context, js jetstream.JetStream, stream string, seq uint64) (*Event, error) {
	for m, err := range read.All(ctx, js, stream, read.Range{FirstSeq: seq, Batch: 1}) {
		if err != nil {
			return nil, err
		}
		if m.Sequence != seq {
			break
		}
		e, err := Parse(m)
		if err != nil {
			return nil, fmt.Errorf("message %d of %s: %w", seq, stream, err)
		}
		return e, nil
	}
	return nil, fmt.Errorf("stream %s has no message %d (any more)", stream, seq)
}

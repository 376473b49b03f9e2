// Package selfevent stores the events that the edge tells of itself, beside the probes: a
// sender is about to switch an endpoint off, a payload has changed its shape.
package selfevent

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/endpoint"
	"webhookedge/plugins/internal/probe"
)

const (
	// endpointSubject begins the subjects of warnings, before the provider's and the
	// route's token.
	endpointSubject = "webhooks-edge.endpoint."
	// driftSubject begins the subjects of events about changes of payloads, before the
	// provider's and the event's token.
	driftSubject = "webhooks-edge.drift."
)

// Writer stores events.
type Writer struct {
	JetStream func(context.Context) (jetstream.JetStream, error)
	Now       func() time.Time
	// CreateLike names the stream whose number of replicas that of these events gets
	// where it has to be created; where empty it is not created.
	CreateLike string
}

// Endpoint stores an event edge.endpoint.health.
func (w Writer) Endpoint(ctx context.Context, about endpoint.Warning) error {
	e := event.Event{ID: rand.Text(), Source: event.Source(about.Provider, ""), Type: "endpoint", Action: "health", Subject: about.Route}
	return w.store(ctx, e, endpointSubject+event.EscapeToken(about.Provider)+"."+event.EscapeToken(about.Route), about)
}

// Drift stores an event edge.schema.drift. Its id is that of the changes, so that it is
// stored once where two gateways tell of them.
func (w Writer) Drift(ctx context.Context, n drift.Notice) error {
	about := []string{"edge.schema.drift", n.Provider, n.Event}
	for _, c := range n.Changes {
		about = append(about, string(c.Kind), c.Path, c.Since.String())
	}
	e := event.Event{ID: event.FallbackID(nil, about...), Source: event.Source(n.Provider, ""), Type: "schema", Action: "drift", Subject: n.Provider + "." + n.Event}
	return w.store(ctx, e, driftSubject+event.EscapeToken(n.Provider)+"."+event.EscapeToken(n.Event), n)
}

func (w Writer) store(ctx context.Context, e event.Event, subject string, about any) error {
	data, err := json.Marshal(about)
	if err != nil {
		return err
	}
	now := w.Now().UTC()
	e.Provider, e.Time, e.ReceivedAt, e.DataContentType, e.Data = probe.Provider, now.Truncate(time.Millisecond), now, "application/json", data
	js, err := w.JetStream(ctx)
	if err != nil {
		return err
	}
	msg := &nats.Msg{
		Subject: subject,
		Header:  nats.Header{jetstream.MsgIDHeader: {e.ID}, jetstream.ExpectedStreamHeader: {probe.Stream}, "Content-Type": {event.ContentType}},
		Data:    e.AppendJSON(nil),
	}
	_, err = js.PublishMsg(ctx, msg)
	if errors.Is(err, jetstream.ErrNoStreamResponse) && w.CreateLike != "" {
		if err = create(ctx, js, w.CreateLike); err == nil {
			_, err = js.PublishMsg(ctx, msg)
		}
	}
	return err
}

// create creates the stream as kong/streams.yml has it, with as many replicas as the stream
// like has.
func create(ctx context.Context, js jetstream.JetStream, like string) error {
	s, err := js.Stream(ctx, like)
	if err != nil {
		return err
	}
	_, err = js.CreateStream(ctx, jetstream.StreamConfig{
		Name: probe.Stream, Description: "Events of the webhook edge about itself", Subjects: []string{probe.Subjects},
		Replicas: s.CachedInfo().Config.Replicas, Storage: jetstream.FileStorage, Discard: jetstream.DiscardNew, MaxAge: 24 * time.Hour, MaxBytes: 64 << 20, Duplicates: 2 * time.Minute,
	})
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another gateway was faster
		return nil
	}
	return err
}

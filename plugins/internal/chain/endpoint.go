package chain

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/endpoint"
	"webhookedge/plugins/internal/probe"
	"webhookedge/plugins/publish/jsconn"
)

// endpointSubject begins the subjects of warnings, before the provider's and the route's
// token.
const endpointSubject = "webhooks-edge.endpoint."

// warn stores an event edge.endpoint.health beside the probes. Where no stream takes it,
// the log and the metric have said the same.
func (i *Instance) warn(ctx context.Context, w endpoint.Warning) {
	e := event.Event{ID: rand.Text(), Source: event.Source(w.Provider, ""), Type: "endpoint", Action: "health", Subject: w.Route}
	if err := i.say(ctx, e, endpointSubject+event.EscapeToken(w.Provider)+"."+event.EscapeToken(w.Route), w); err != nil {
		i.process.env.Logger.Info("a warning about an endpoint was not stored", "provider", w.Provider, "route", w.Route, "err", err.Error())
	}
}

// say stores an event of the edge about itself.
func (i *Instance) say(ctx context.Context, e event.Event, subject string, about any) error {
	data, err := json.Marshal(about)
	if err != nil {
		return err
	}
	now := i.process.env.Now().UTC()
	e.Provider, e.Time, e.ReceivedAt, e.DataContentType, e.Data = probe.Provider, now.Truncate(time.Millisecond), now, "application/json", data
	js, err := i.JetStream(ctx)
	if err != nil {
		return err
	}
	msg := &nats.Msg{
		Subject: subject,
		Header:  nats.Header{jetstream.MsgIDHeader: {e.ID}, jetstream.ExpectedStreamHeader: {probe.Stream}, "Content-Type": {event.ContentType}},
		Data:    e.AppendJSON(nil),
	}
	_, err = js.PublishMsg(ctx, msg)
	if errors.Is(err, jetstream.ErrNoStreamResponse) && i.Publish.Stream.Ensure == jsconn.EnsureCreate {
		if err = createOwn(ctx, js, i.Publish.Stream.Name); err == nil {
			_, err = js.PublishMsg(ctx, msg)
		}
	}
	return err
}

// createOwn creates the stream of what the edge says of itself, as kong/streams.yml has it,
// with as many replicas as the stream of events has.
func createOwn(ctx context.Context, js jetstream.JetStream, events string) error {
	s, err := js.Stream(ctx, events)
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

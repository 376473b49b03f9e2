package chain

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/endpoint"
	"webhookedge/plugins/internal/probe"
)

// endpointSubject begins the subjects of warnings, before the provider's and the route's
// token.
const endpointSubject = "webhooks-edge.endpoint."

// warn stores an event edge.endpoint.health beside the probes. Where no stream takes it,
// the log and the metric have said the same.
func (i *Instance) warn(ctx context.Context, w endpoint.Warning) {
	now := i.process.env.Now()
	data, err := json.Marshal(w)
	if err != nil {
		return
	}
	e := event.Event{
		ID: rand.Text(), Source: event.Source(w.Provider, ""), Provider: probe.Provider, Type: "endpoint", Action: "health", Subject: w.Route,
		Time: now.UTC().Truncate(time.Millisecond), ReceivedAt: now.UTC(), DataContentType: "application/json", Data: data,
	}
	msg := &nats.Msg{
		Subject: endpointSubject + event.EscapeToken(w.Provider) + "." + event.EscapeToken(w.Route),
		Header:  nats.Header{jetstream.MsgIDHeader: {e.ID}, jetstream.ExpectedStreamHeader: {probe.Stream}, "Content-Type": {event.ContentType}},
		Data:    e.AppendJSON(nil),
	}
	js, err := i.JetStream(ctx)
	if err == nil {
		_, err = js.PublishMsg(ctx, msg)
	}
	if err != nil {
		i.process.env.Logger.Info("a warning about an endpoint was not stored", "provider", w.Provider, "route", w.Route, "err", err.Error())
	}
}

package chain

import (
	"context"
	"strings"

	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/learner"
	"webhookedge/plugins/internal/drift/readers"
	"webhookedge/plugins/internal/endpoint"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/selfevent"
	"webhookedge/plugins/publish/jsconn"
)

// learn has the process learn what i stores, and returns what takes deliveries; nil where
// that is not asked for. It ends before what it reads and stores by.
func (i *Instance) learn() func(*pipeline.Delivery) {
	if !i.Normalize.Learn || i.Offline {
		return nil
	}
	source := i.process.shapes.Source(learner.Options{
		Provider: i.Provider.Name, Servers: strings.Join(i.Publish.Servers, ","), Stream: i.Publish.Stream.Name, JetStream: i.JetStream,
		Tell:    func(ctx context.Context, n drift.Notice) error { return i.own().Drift(ctx, n) },
		Readers: readers.Of(i.Normalize.Redact, i.Provider, i.Made.Policy.Reads),
	})
	i.CloseFirst(source.Close)
	return source.Stored
}

// warn stores an event about an endpoint that its sender may switch off. Where no stream
// takes it, the log and the metric have said the same.
func (i *Instance) warn(ctx context.Context, w endpoint.Warning) {
	if err := i.own().Endpoint(ctx, w); err != nil {
		i.process.shared.Env.Logger.Info("a warning about an endpoint was not stored", "provider", w.Provider, "route", w.Route, "err", err.Error())
	}
}

// own stores events of the edge about itself.
func (i *Instance) own() selfevent.Writer {
	w := selfevent.Writer{JetStream: i.JetStream, Now: i.process.shared.Env.Now}
	if i.Publish.Stream.Ensure == jsconn.EnsureCreate {
		w.CreateLike = i.Publish.Stream.Name
	}
	return w
}

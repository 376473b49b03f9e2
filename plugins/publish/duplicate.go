package publish

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish/jsconn"
)

// duplicate answers for an event whose id the stream has. The event that is there
// is looked at: where it is the same this is a sender's retry; where it is another the
// second would be lost without a word, so it is held. A payload of p that the event there
// does not refer to is removed; where no event is found it is left to its age, since
// a new leader may not have the event yet that refers to it.
func (s *Stage) duplicate(ctx context.Context, d *pipeline.Delivery, j *job, p *buffer, ack *jetstream.PubAck) (pipeline.Ack, error) {
	there, err := s.conn.Find(ctx, ack, &p.msg)
	if err != nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: the event of the same id cannot be read: %w", jsconn.ErrDisconnected, err)}
	}
	if obj := p.object; obj != nil && there != nil && there.DataRef != obj.Ref() {
		s.conn.Discard(ctx, obj)
	}
	e := j.message.event
	by := pipeline.AckDuplicate
	switch {
	case there == nil: // it was taken out of the stream
	case !s.sameEvent(there, e):
		return s.reused(ctx, d, j)
	case e.RequestID != "" && there.RequestID == e.RequestID:
		by = pipeline.AckBroker // an attempt of ours whose ack was lost
	}
	if err := s.conn.Restore(ctx, there, e); err != nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: the payload of the event of the same id: %w", jsconn.ErrDisconnected, err)}
	}
	return pipeline.Ack{By: by, Stream: ack.Stream, Sequence: ack.Sequence}, nil
}

// sameEvent reports whether two events of one id are one: whether they say the same of
// themselves and have the same payload, but for what changes when the sender tries
// again.
func (s *Stage) sameEvent(there, e *event.Event) bool {
	if there.FullType() != e.FullType() || there.Subject != e.Subject || there.Tenant != e.Tenant || there.Source != e.Source {
		return false
	}
	if jsconn.SameBody(there, e) {
		return true
	}
	return s.lasting != nil && !there.Binary && !e.Binary && there.DataSHA256 == "" && e.DataSHA256 == "" &&
		bytes.Equal(s.lasting(jsconn.Body(there)), s.lasting(jsconn.Body(e)))
}

// reused holds the event of j back and raises an alarm.
func (s *Stage) reused(ctx context.Context, d *pipeline.Delivery, j *job) (pipeline.Ack, error) {
	s.conns.boxes.Reused.Add(1)
	e := j.message.event
	s.conn.Log().LogAttrs(ctx, slog.LevelError, "a sender uses an id again for another event: the second one is held back",
		slog.String("request_id", d.RequestID), slog.String("provider", e.Provider), slog.String("event_type", e.FullType()), slog.String("code", pipeline.IDReused.String()))
	if s.keeper == nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.IDReused, Err: ErrIDReused}
	}
	return s.hold(ctx, d, j.item, pipeline.IDReused)
}

package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sony/gobreaker/v2"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish/jsconn"
	"webhookedge/plugins/streams"
)

// store gives an event to the broker and, at the same time, to the journal; or to the
// journal alone where the broker does not take it in its share of the time.
func (s *Stage) store(ctx context.Context, d *pipeline.Delivery, j *job) (pipeline.Ack, error) {
	p := s.buffer()
	defer s.keep(p)
	m := &j.message
	share, cancel := s.share(ctx)
	defer cancel()
	if err := s.fill(share, p, m); err != nil {
		return pipeline.Ack{}, err
	}
	if m.key != "" && s.outbox != nil && s.outbox.Queued(s.conn) {
		return s.journaled(ctx, p, m, nil, errBehind)
	}
	if s.outbox != nil && s.cfg.Ack == AckJournal {
		if ack, err := s.journaled(ctx, p, m, nil, jsconn.ErrDisconnected); err == nil {
			return ack, nil
		} // the broker goes on alone
	}
	backup := s.begin(ctx, func() *journal.Record { return recordOf(p, m) })
	if err := s.durable(backup.entry != nil); err != nil {
		return pipeline.Ack{}, err
	}
	ack, err := s.upload(share, p, m)
	switch {
	case err != nil:
		return s.unsent(ctx, p, m, backup, err)
	case ack.Duplicate:
		return s.storedBefore(ctx, d, j, p, backup, ack)
	}
	s.conn.NoteAck(ack)
	synced := s.both(ctx, backup, ack)
	if synced && p.object != nil {
		s.outbox.Note(streams.OfBucket(p.object.Bucket), 0)
	}
	return pipeline.Ack{By: s.ackClass(synced), Stream: ack.Stream, Sequence: ack.Sequence}, s.durable(synced)
}

// ErrNotDurable is an event that a power cut could take, where Config.Require does not
// allow that.
var ErrNotDurable = errors.New("nothing keeps the event through a power cut")

// ackClass is what the broker's ack stands for, of an event that is on this machine's
// disk as well where synced is true.
func (s *Stage) ackClass(synced bool) string {
	if synced || s.conn.Durability().AtRisk == nil {
		return pipeline.AckBroker
	}
	return pipeline.AckBrokerMemory
}

// durable refuses an event that only the broker would have, where that does not do.
func (s *Stage) durable(synced bool) error {
	if s.cfg.Require != RequireDurable || synced {
		return nil
	}
	if memory := s.conn.Durability().AtRisk; memory != nil {
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrNotDurable, memory)}
	}
	return nil
}

// unsent answers for an event that the broker did not take: the journal has it where the
// broker may take it another time.
func (s *Stage) unsent(ctx context.Context, p *buffer, m *message, b backup, err error) (pipeline.Ack, error) {
	if s.outbox != nil && (jsconn.IsAway(err) || s.streamIsAway(err, m)) {
		return s.journaled(ctx, p, m, b.entry, err)
	}
	b.drop()
	if p.object != nil && jsconn.Unstored(err) && p.maybe.IsZero() {
		s.conn.Discard(ctx, p.object)
	}
	return pipeline.Ack{}, s.reject(err, m)
}

// storedBefore answers for an event whose id the stream has. One that is the same there
// is held in the journal as well: the broker may not have synced the first.
func (s *Stage) storedBefore(ctx context.Context, d *pipeline.Delivery, j *job, p *buffer, b backup, ack *jetstream.PubAck) (pipeline.Ack, error) {
	answer, err := s.duplicate(ctx, d, j, p, ack)
	if err != nil || answer.By == pipeline.AckQuarantine {
		b.drop()
		return answer, err
	}
	synced := s.both(ctx, b, ack)
	if answer.By == pipeline.AckBroker {
		answer.By = s.ackClass(synced)
	}
	return answer, s.durable(synced)
}

// upload publishes p, after what it refers to. The stream of a target may take less than
// the broker: then it publishes a reference to the payload.
func (s *Stage) upload(ctx context.Context, p *buffer, m *message) (*jetstream.PubAck, error) {
	if p.object != nil {
		if s.conn.BreakerOpen() {
			return nil, gobreaker.ErrOpenState
		}
		if err := s.conn.Upload(ctx, p.object); err != nil {
			return nil, err
		}
	}
	ack, err := s.send(ctx, p)
	if jsconn.IsTooLarge(err) && p.object == nil && s.cfg.Objects.On() {
		s.checkIn(p, m)
		return s.upload(ctx, p, m)
	}
	return ack, err
}

// fill encodes m. It waits for the first connection, which says how much the
// broker takes.
func (s *Stage) fill(ctx context.Context, p *buffer, m *message) error {
	p.address(m, m.event, &s.cfg)
	size := p.size(m.event)
	limit, err := s.conn.MaxPayload(ctx)
	switch {
	case err != nil && s.outbox == nil:
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: err}
	case err != nil:
		limit = assumedPayload
	}
	if int64(size+p.headerSize()) <= limit {
		p.encode(m.event, size)
		return nil
	}
	if !s.cfg.Objects.On() {
		return &pipeline.Reject{Code: pipeline.EventTooLarge, Err: fmt.Errorf("%w: %d bytes, of which it takes %d; %s", ErrTooLarge, size, limit, s.settings.AdviceForObjects())}
	}
	s.checkIn(p, m)
	return nil
}

// checkIn encodes m as a reference to its payload.
func (s *Stage) checkIn(p *buffer, m *message) {
	light, obj := s.cfg.Objects.CheckIn(m.event)
	p.address(m, light, &s.cfg)
	p.encode(light, p.size(light))
	p.object = obj
}

func (s *Stage) reject(err error, m *message) *pipeline.Reject {
	var api *jetstream.APIError
	isAPI := errors.As(err, &api)
	switch {
	case jsconn.TakesNothing(err):
		s.complain(m, err)
		return &pipeline.Reject{Code: pipeline.NoStream, Err: fmt.Errorf("%w: %s: %w", ErrNoStream, s.advice(m), err)}
	case errors.Is(err, jsconn.ErrUnfit):
		return &pipeline.Reject{Code: pipeline.NoStream, Err: fmt.Errorf("%w: %w", ErrNoStream, err)}
	case errors.Is(err, jetstream.ErrBucketNotFound):
		return &pipeline.Reject{Code: pipeline.EventTooLarge, Err: fmt.Errorf("%w; %s: %w", ErrTooLarge, s.settings.AdviceForObjects(), err)}
	case jsconn.IsTooLarge(err):
		return &pipeline.Reject{Code: pipeline.EventTooLarge, Err: fmt.Errorf("%w: %w", ErrTooLarge, err)}
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: jsconn.BreakerError()}
	case errors.Is(err, jsconn.ErrDisconnected):
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: err}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, nats.ErrTimeout):
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrAckTimeout, err)}
	case isAPI, errors.Is(err, jetstream.ErrInvalidJSAck):
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrRefused, err)}
	default:
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", jsconn.ErrDisconnected, err)}
	}
}

// advice says what to create for m.
func (s *Stage) advice(m *message) string {
	if m.stream == s.cfg.Stream.Name && s.settings.IsOwn(m.subject) {
		return s.settings.Advice()
	}
	return fmt.Sprintf("create a stream %s that takes %q, where the policy sends the event", m.stream, m.subject)
}

// complain tells once a minute what to create, however many deliveries fail.
func (s *Stage) complain(m *message, err error) {
	if s.conn.Complaints.Allow("no stream", time.Now()) {
		s.conn.Log.LogAttrs(context.Background(), slog.LevelError, "no stream takes the events; "+s.advice(m),
			slog.String("subject", m.subject), slog.String("err", err.Error()))
	}
}

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
	return s.stable != nil && !there.Binary && !e.Binary && there.DataSHA256 == "" && e.DataSHA256 == "" &&
		bytes.Equal(s.stable(jsconn.Body(there)), s.stable(jsconn.Body(e)))
}

// reused holds the event of j back and raises an alarm.
func (s *Stage) reused(ctx context.Context, d *pipeline.Delivery, j *job) (pipeline.Ack, error) {
	s.conns.boxes.Reused.Add(1)
	e := j.message.event
	s.conn.Log.LogAttrs(ctx, slog.LevelError, "a sender uses an id again for another event: the second one is held back",
		slog.String("request_id", d.RequestID), slog.String("provider", e.Provider), slog.String("event_type", e.FullType()), slog.String("code", pipeline.IDReused.String()))
	if s.keeper == nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.IDReused, Err: ErrIDReused}
	}
	return s.hold(ctx, d, j.item, pipeline.IDReused)
}

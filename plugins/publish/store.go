package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sony/gobreaker/v2"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams"
)

// store gives an event to the broker and, at the same time, to the journal; or to the
// journal alone where the broker does not take it in its share of the time.
func (s *Stage) store(ctx context.Context, d *pipeline.Delivery, j *job) (pipeline.Ack, error) {
	p := s.parcel()
	defer s.keep(p)
	m := &j.message
	share, cancel := s.share(ctx)
	defer cancel()
	if err := s.fill(share, p, m); err != nil {
		return pipeline.Ack{}, err
	}
	if s.behind(m) {
		return s.journaled(ctx, p, m, errBehind)
	}
	if s.depot != nil && s.cfg.Ack == AckJournal {
		if ack, err := s.journaled(ctx, p, m, ErrDisconnected); err == nil {
			return ack, nil
		} // the broker goes on alone
	}
	backup := s.begin(ctx, func() *journal.Record { return recordOf(p, m) })
	if err := s.durable(backup.entry != nil); err != nil {
		return pipeline.Ack{}, err
	}
	ack, err := s.ship(share, p)
	if isTooLarge(err) && p.cargo == nil && s.cfg.Objects.on() { // a target's stream takes less than the broker
		s.outsource(p, m)
		ack, err = s.ship(share, p)
	}
	switch {
	case err != nil && s.depot != nil && (brokerIsAway(err) || s.streamIsAway(err, m)):
		if backup.entry != nil {
			return s.leave(ctx, backup.entry, p, m, err)
		}
		return s.journaled(ctx, p, m, err)
	case err != nil:
		backup.drop()
		if p.cargo != nil && unstored(err) && p.maybe.IsZero() {
			s.conn.discard(ctx, p.cargo)
		}
		return pipeline.Ack{}, s.reject(err, m)
	case ack.Duplicate:
		return s.double(ctx, d, j, p, backup, ack)
	}
	s.conn.noteAck(ack)
	synced := s.both(ctx, backup, ack)
	if synced && p.cargo != nil {
		s.depot.note(streams.OfBucket(p.cargo.bucket), 0)
	}
	return pipeline.Ack{By: s.ackClass(synced), Stream: ack.Stream, Sequence: ack.Sequence}, s.durable(synced)
}

// double answers for an event whose id the stream has. One that is the same there
// is held in the journal as well: the broker may not have synced the first.
func (s *Stage) double(ctx context.Context, d *pipeline.Delivery, j *job, p *parcel, b backup, ack *jetstream.PubAck) (pipeline.Ack, error) {
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

// ship publishes p, after what it refers to.
func (s *Stage) ship(ctx context.Context, p *parcel) (*jetstream.PubAck, error) {
	if p.cargo != nil {
		if s.conn.resting() {
			return nil, gobreaker.ErrOpenState
		}
		if err := s.conn.upload(ctx, p.cargo); err != nil {
			return nil, err
		}
	}
	return s.send(ctx, p)
}

// fill encodes m. It waits for the first connection, which says how much the
// broker takes.
func (s *Stage) fill(ctx context.Context, p *parcel, m *message) error {
	p.address(m, m.event, &s.cfg)
	size := p.size(m.event)
	limit, err := s.conn.maxPayload(ctx)
	switch {
	case err != nil && s.depot == nil:
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: err}
	case err != nil:
		limit = assumedPayload
	}
	if int64(size+p.headerSize()) <= limit {
		p.encode(m.event, size)
		return nil
	}
	if !s.cfg.Objects.on() {
		return &pipeline.Reject{Code: pipeline.EventTooLarge, Err: fmt.Errorf("%w: %d bytes, of which it takes %d; %s", ErrTooLarge, size, limit, s.cfg.adviceForObjects())}
	}
	s.outsource(p, m)
	return nil
}

// outsource encodes m as a reference to its payload.
func (s *Stage) outsource(p *parcel, m *message) {
	light, load := s.cfg.Objects.outsource(m.event)
	p.address(m, light, &s.cfg)
	p.encode(light, p.size(light))
	p.cargo = load
}

func (s *Stage) reject(err error, m *message) *pipeline.Reject {
	var api *jetstream.APIError
	isAPI := errors.As(err, &api)
	switch {
	case errors.Is(err, jetstream.ErrNoStreamResponse), isAPI && api.ErrorCode == errCodeStreamNotMatch:
		s.complain(m, err)
		return &pipeline.Reject{Code: pipeline.NoStream, Err: fmt.Errorf("%w: %s: %w", ErrNoStream, s.advice(m), err)}
	case errors.Is(err, ErrUnfit):
		return &pipeline.Reject{Code: pipeline.NoStream, Err: fmt.Errorf("%w: %w", ErrNoStream, err)}
	case errors.Is(err, jetstream.ErrBucketNotFound):
		return &pipeline.Reject{Code: pipeline.EventTooLarge, Err: fmt.Errorf("%w; %s: %w", ErrTooLarge, s.cfg.adviceForObjects(), err)}
	case isTooLarge(err):
		return &pipeline.Reject{Code: pipeline.EventTooLarge, Err: fmt.Errorf("%w: %w", ErrTooLarge, err)}
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: closedToUs()}
	case errors.Is(err, ErrDisconnected):
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: err}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, nats.ErrTimeout):
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrAckTimeout, err)}
	case isAPI, errors.Is(err, jetstream.ErrInvalidJSAck):
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrRefused, err)}
	default:
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrDisconnected, err)}
	}
}

// advice says what to create for m.
func (s *Stage) advice(m *message) string {
	if m.stream == s.cfg.Stream.Name && s.cfg.isOwn(m.subject) {
		return s.cfg.advice()
	}
	return fmt.Sprintf("create a stream %s that takes %q, where the policy sends the event", m.stream, m.subject)
}

// complain tells once a minute what to create, however many deliveries fail.
func (s *Stage) complain(m *message, err error) {
	if s.conn.complaints.allow("no stream", time.Now()) {
		s.conn.log.LogAttrs(context.Background(), slog.LevelError, "no stream takes the events; "+s.advice(m),
			slog.String("subject", m.subject), slog.String("err", err.Error()))
	}
}

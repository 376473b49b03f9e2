package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
)

func (s *Stage) store(ctx context.Context, m *message) (pipeline.Ack, error) {
	l, err := s.conn.client(ctx)
	if err != nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: err}
	}
	p := s.parcel()
	defer s.keep(p)
	size := m.event.Size()
	p.address(m)
	if limit := l.nc.MaxPayload(); int64(size+p.headerSize()) > limit {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.EventTooLarge, Err: fmt.Errorf("%w: %d bytes, its max_payload is %d", ErrTooLarge, size, limit)}
	}
	if cap(p.buf) < size {
		p.buf = make([]byte, 0, size)
	}
	p.buf = m.event.AppendJSON(p.buf[:0])
	p.msg.Data = p.buf
	ack, err := s.send(ctx, l, p)
	if err != nil {
		return pipeline.Ack{}, s.reject(err, m)
	}
	by := pipeline.AckBroker
	if ack.Duplicate {
		by = pipeline.AckDuplicate
	}
	return pipeline.Ack{By: by, Stream: ack.Stream, Sequence: ack.Sequence}, nil
}

func (s *Stage) send(ctx context.Context, l *link, p *parcel) (*jetstream.PubAck, error) {
	// "No responders" is also what a cluster says while it elects a leader, so
	// the client asks again, which the Msg-Id makes safe. Where the stream is
	// known to be missing that would only keep the sender waiting.
	if s.conn.streamErr.Load() != nil {
		return l.js.PublishMsg(ctx, &p.msg, jetstream.WithRetryAttempts(0))
	}
	return l.js.PublishMsg(ctx, &p.msg)
}

// The error codes of the JetStream API that PublishMsg has no sentinel for
// (nats-server, server/errors.json).
const errCodeStreamNotMatch jetstream.ErrorCode = 10060

func (s *Stage) reject(err error, m *message) *pipeline.Reject {
	var api *jetstream.APIError
	isAPI := errors.As(err, &api)
	switch {
	case errors.Is(err, jetstream.ErrNoStreamResponse), isAPI && api.ErrorCode == errCodeStreamNotMatch:
		s.complain(m, err)
		return &pipeline.Reject{Code: pipeline.NoStream, Err: fmt.Errorf("%w: %s: %w", ErrNoStream, s.advice(m), err)}
	case errors.Is(err, nats.ErrMaxPayload), errors.Is(err, jetstream.ErrStreamMessageExceedsMaximum):
		return &pipeline.Reject{Code: pipeline.EventTooLarge, Err: fmt.Errorf("%w: %w", ErrTooLarge, err)}
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
	if m.stream == s.cfg.Stream.Name && strings.HasPrefix(m.subject, s.cfg.SubjectPrefix+".") {
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

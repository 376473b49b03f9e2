package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
)

const name = "publish"

// The reasons for which an event is not stored, or not known to be.
var (
	ErrNoEvent      = errors.New("no stage made an event")
	ErrTooLarge     = errors.New("event is larger than the broker takes")
	ErrDisconnected = errors.New("no connection to NATS")
	ErrAckTimeout   = errors.New("no ack in time")
	ErrNoStream     = errors.New("no stream takes the subject")
	ErrRefused      = errors.New("JetStream refuses the event")
)

// Stage stores the event of a delivery in JetStream.
type Stage struct {
	cfg     Config
	timeout time.Duration
	conns   *Connections
	conn    *connection
	closed  atomic.Bool
	parcels sync.Pool // of *parcel
}

// New returns a stage on a connection out of conns, shared with every stage of
// equal settings. Its error joins everything that is wrong with cfg, files and
// keys included, each after the path of its field. It does not wait for the
// broker. Close gives the connection back.
func New(cfg Config, conns *Connections) (*Stage, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	conn, err := conns.acquire(&cfg)
	if err != nil {
		return nil, err
	}
	return &Stage{cfg: cfg, timeout: time.Duration(cfg.AckTimeoutMS) * time.Millisecond, conns: conns, conn: conn}, nil
}

// Name returns "publish".
func (s *Stage) Name() string { return name }

// Ready reports what keeps events from being stored. The answer is kept for a
// second.
func (s *Stage) Ready(ctx context.Context) error { return s.conn.ready(ctx) }

// Close gives the connection back. The stage must not be used any more.
func (s *Stage) Close() {
	if s.closed.CompareAndSwap(false, true) {
		s.conns.release(s.conn)
	}
}

// Handle publishes every event of d and returns nil when the configured stream
// has acknowledged all of them, with d.Ack set. Otherwise they may or may not be
// stored.
func (s *Stage) Handle(ctx context.Context, d *pipeline.Delivery) error {
	if len(d.Items) == 0 {
		return ErrNoEvent
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	for i := range d.Items {
		ack, err := s.store(ctx, d.Items[i].Event)
		if err != nil {
			return err
		}
		if d.Ack.By != pipeline.AckBroker {
			d.Ack = ack
		}
	}
	return nil
}

func (s *Stage) store(ctx context.Context, e *event.Event) (pipeline.Ack, error) {
	if err := e.Validate(); err != nil {
		return pipeline.Ack{}, err
	}
	l, err := s.conn.client(ctx)
	if err != nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: err}
	}
	p := s.parcel()
	defer s.keep(p)
	size := e.Size()
	p.address(e, &s.cfg)
	if limit := l.nc.MaxPayload(); int64(size+p.headerSize()) > limit {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.EventTooLarge, Err: fmt.Errorf("%w: %d bytes, its max_payload is %d", ErrTooLarge, size, limit)}
	}
	if cap(p.buf) < size {
		p.buf = make([]byte, 0, size)
	}
	p.buf = e.AppendJSON(p.buf[:0])
	p.msg.Data = p.buf
	ack, err := s.send(ctx, l, p)
	if err != nil {
		return pipeline.Ack{}, s.reject(err, e)
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

func (s *Stage) reject(err error, e *event.Event) *pipeline.Reject {
	var api *jetstream.APIError
	isAPI := errors.As(err, &api)
	switch {
	case errors.Is(err, jetstream.ErrNoStreamResponse), isAPI && api.ErrorCode == errCodeStreamNotMatch:
		s.complain(e, err)
		return &pipeline.Reject{Code: pipeline.NoStream, Err: fmt.Errorf("%w: %s: %w", ErrNoStream, s.cfg.advice(), err)}
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

// complain tells once a minute what to create, however many deliveries fail.
func (s *Stage) complain(e *event.Event, err error) {
	if s.conn.complaints.allow("no stream", time.Now()) {
		s.conn.log.LogAttrs(context.Background(), slog.LevelError, "no stream takes the events; "+s.cfg.advice(),
			slog.String("subject", e.NATSSubject(s.cfg.SubjectPrefix)), slog.String("err", err.Error()))
	}
}

var _ pipeline.Stage = (*Stage)(nil)

package publish

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"webhookedge/plugins/internal/bound"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish/jsconn"
	"webhookedge/plugins/publish/outbox"
)

const name = "publish"

// fanOut is how many events of one delivery are under way at once. A delivery of
// one event needs no goroutine but its own.
const fanOut = 8

// The reasons for which an event is not stored, or not known to be.
var (
	ErrNoEvent      = errors.New("no stage made an event")
	ErrTooLarge     = errors.New("event is larger than the broker takes")
	ErrDisconnected = jsconn.ErrDisconnected
	ErrUnfit        = jsconn.ErrUnfit
	ErrClosed       = jsconn.ErrClosed
	ErrIDReused     = outbox.ErrIDReused
	ErrAckTimeout   = errors.New("no ack in time")
	ErrNoStream     = errors.New("no stream takes the subject")
	ErrRefused      = errors.New("JetStream refuses the event")
	ErrNoKeeper     = errors.New("the event is to be held and there is no quarantine")
	ErrTarget       = errors.New("not a place for an event")
	ErrAllDropped   = errors.New("every event of the delivery was left out")
)

// Keeper stores what is to be held back instead of being published.
type Keeper interface {
	// Hold returns nil when item, and what of d is needed to release it, is
	// stored as safely as a published event. It must not keep d. A
	// *pipeline.Reject says how the delivery is to be refused.
	Hold(ctx context.Context, d *pipeline.Delivery, item *pipeline.Item, code pipeline.Code) error
}

// Stage stores the events of a delivery in JetStream.
type Stage struct {
	cfg       Config
	timeout   time.Duration
	conns     *Connections
	settings  jsconn.Settings
	lease     *jsconn.Lease
	conn      *jsconn.Conn
	shared    *shared
	outbox    *outbox.Outbox // nil where there is no journal
	order     *ordering
	keeper    Keeper
	retrySpan time.Duration
	replay    time.Duration
	stable    func([]byte) []byte // nil where nothing of a payload changes from try to try
	closed    atomic.Bool
	buffers   sync.Pool // of *buffer
}

// Option sets an optional part of a Stage.
type Option func(*Stage)

// WithKeeper holds events in k. Without it a delivery with an event that is to
// be held is refused.
func WithKeeper(k Keeper) Option { return func(s *Stage) { s.keeper = k } }

// WithRetrySpan says for how long after the first try the provider may send a
// delivery again; 0 is unknown.
func WithRetrySpan(span time.Duration) Option { return func(s *Stage) { s.retrySpan = span } }

// WithReplaySpan says for how long a captured delivery would be proved again: for that
// time the stream must know its event; 0 where no time is signed.
func WithReplaySpan(span time.Duration) Option { return func(s *Stage) { s.replay = span } }

// WithStablePart says what of a payload is the same when the provider sends it again.
func WithStablePart(of func(data []byte) []byte) Option { return func(s *Stage) { s.stable = of } }

// WithAnswerTimeout says how long the provider waits for an answer; 0 is unknown. Half
// of that is the most that storing may take.
func WithAnswerTimeout(timeout time.Duration) Option {
	return func(s *Stage) {
		if timeout > 0 {
			s.timeout = min(s.timeout, timeout/2)
		}
	}
}

// New returns a stage on a connection out of conns, shared with every stage of
// equal settings. Its error joins everything that is wrong with cfg, files and
// keys included, each after the path of its field. It does not wait for the
// broker. Close gives the connection back.
func New(cfg Config, conns *Connections, opts ...Option) (*Stage, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	order, err := newOrdering(cfg.OrderingKey)
	if err != nil {
		return nil, err
	}
	s := &Stage{cfg: cfg, settings: cfg.settings(), timeout: time.Duration(cfg.AckTimeoutMS) * time.Millisecond, conns: conns, order: order}
	if err := conns.acquire(s); err != nil {
		return nil, err
	}
	for _, opt := range opts {
		opt(s)
	}
	s.conn.Demand(cfg.Stream.Window(s.retrySpan, s.replay))
	return s, nil
}

// Name returns "publish".
func (s *Stage) Name() string { return name }

// Ready reports what keeps events from being stored. The answer is kept for a
// second.
func (s *Stage) Ready(ctx context.Context) error { return s.conn.Ready(ctx) }

// JetStream returns the client that the stage publishes with, for others that
// store beside it. It waits for a first connect no longer than ctx.
func (s *Stage) JetStream(ctx context.Context) (jetstream.JetStream, error) {
	return s.conn.Client(ctx)
}

// Close gives the connection back. The stage must not be used any more.
func (s *Stage) Close() {
	if s.closed.CompareAndSwap(false, true) {
		s.conns.release(s)
	}
}

// Handle stores every event of d at every place where it belongs and returns nil
// when all of them are acknowledged, with d.Ack set. Otherwise any of them may
// or may not be stored, and the sender's retry under the same ids completes them.
func (s *Stage) Handle(ctx context.Context, d *pipeline.Delivery) error {
	jobs, err := s.jobs(d)
	if err != nil {
		return err
	}
	if err := s.line(jobs); err != nil {
		return err
	}
	ctx, cancel := bound.WithTimeout(ctx, s.timeout)
	defer cancel()
	if len(jobs) == 1 {
		if d.Ack, err = jobs[0].run(ctx, s, d); err == nil {
			s.conns.countAck(d.Ack.By)
		}
		return err
	}
	acks := make([]pipeline.Ack, len(jobs))
	var group errgroup.Group
	group.SetLimit(fanOut)
	for i := range jobs {
		group.Go(func() error {
			var err error
			acks[i], err = jobs[i].run(ctx, s, d)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, ack := range acks {
		s.conns.countAck(ack.By)
	}
	d.Ack = summary(acks)
	return nil
}

// job is one thing to store: an event at one place, or one in quarantine.
type job struct {
	item    *pipeline.Item
	message message
	place   *place // nil where it has no order
}

// line puts the jobs that have an order into their queues, all or none. Each of
// them leaves its queue in run.
func (s *Stage) line(jobs []job) (err error) {
	if s.order == nil {
		return nil
	}
	for i := range jobs {
		j := &jobs[i]
		if j.message.event == nil {
			continue // held back
		}
		if j.message.key = s.order.key(j.message.event); j.message.key == "" {
			continue
		}
		if j.place, err = s.shared.queues.take(j.message.key); err != nil {
			for k := range jobs[:i] {
				s.shared.queues.leave(jobs[k].place)
			}
			return err
		}
	}
	return nil
}

func (s *Stage) jobs(d *pipeline.Delivery) ([]job, error) {
	if len(d.Items) == 0 {
		return nil, ErrNoEvent
	}
	jobs := make([]job, 0, len(d.Items))
	for i := range d.Items {
		item := &d.Items[i]
		if item.Drop {
			continue
		}
		if item.Event == nil {
			return nil, ErrNoEvent
		}
		if err := item.Event.Validate(); err != nil {
			return nil, err
		}
		if item.Hold != pipeline.Accepted {
			jobs = append(jobs, job{item: item})
			continue
		}
		messages, err := s.messages(d, item)
		if err != nil {
			return nil, &pipeline.Reject{Code: pipeline.PolicyFailed, Err: err}
		}
		for _, m := range messages {
			jobs = append(jobs, job{item: item, message: m})
		}
	}
	if len(jobs) == 0 {
		return nil, &pipeline.Reject{Code: pipeline.PolicyDenied, Err: ErrAllDropped}
	}
	return jobs, nil
}

func (j *job) run(ctx context.Context, s *Stage, d *pipeline.Delivery) (pipeline.Ack, error) {
	defer s.shared.queues.leave(j.place)
	if err := j.place.wait(ctx); err != nil {
		return pipeline.Ack{}, err
	}
	if j.item.Hold != pipeline.Accepted {
		return s.hold(ctx, d, j.item, j.item.Hold)
	}
	return s.store(ctx, d, j)
}

func (s *Stage) hold(ctx context.Context, d *pipeline.Delivery, item *pipeline.Item, code pipeline.Code) (pipeline.Ack, error) {
	if s.keeper == nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %s", ErrNoKeeper, code)}
	}
	err := s.keeper.Hold(ctx, d, item, code)
	var reject *pipeline.Reject
	if err != nil && !errors.As(err, &reject) {
		err = &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("hold the event as %s: %w", code, err)}
	}
	if err != nil {
		return pipeline.Ack{}, err
	}
	return pipeline.Ack{By: pipeline.AckQuarantine}, nil
}

// summary is the one answer for several events: what an engineer has to know
// first. An event on this machine's disk only comes before one at the broker, and
// "duplicate" is said only where nothing new was stored.
func summary(acks []pipeline.Ack) pipeline.Ack {
	for _, by := range [...]string{pipeline.AckBrokerMemory, pipeline.AckSpool, pipeline.AckBroker, pipeline.AckQuarantine} {
		for _, ack := range acks {
			if ack.By == by {
				return ack
			}
		}
	}
	return acks[0]
}

var _ pipeline.Stage = (*Stage)(nil)

package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/publish/jsconn"
	"webhookedge/plugins/publish/outbox"
)

// counters count for all stages, also those that are gone.
type counters struct {
	retries atomic.Uint64
	acked   [len(ackClasses)]atomic.Uint64
}

// Connections are the NATS connections and the outboxes of a process. It is safe for
// concurrent use.
type Connections struct {
	conns *jsconn.Pool
	boxes *outbox.Set
	counters

	mu     sync.Mutex
	shared map[*jsconn.Conn]*shared
}

// shared is what the stages of a connection share.
type shared struct {
	stages, bare int // bare are those whose events no journal has; guarded by Connections.mu
	queues       queues
}

// NewConnections returns an empty set. A connection is drained unusedTTL after its last
// user is gone. process is the name of the plugin: in a journal's directory a process
// takes over what another one of its name left.
func NewConnections(log *slog.Logger, unusedTTL time.Duration, process string) *Connections {
	return &Connections{conns: jsconn.NewPool(log, unusedTTL), boxes: outbox.NewSet(log, journal.Config{Name: process}), shared: map[*jsconn.Conn]*shared{}}
}

// acquire gives s its connection and outbox. It does not wait for the broker.
func (c *Connections) acquire(s *Stage) error {
	lease, err := c.conns.Acquire(&s.settings)
	if err != nil {
		return err
	}
	s.lease, s.conn = lease, lease.Value()
	if s.cfg.Journal.on() {
		s.conn.Demand(s.cfg.heldWindow())
		j := &s.cfg.Journal
		limits := journal.Limits{MaxBytes: j.MaxBytes, MaxAge: time.Duration(j.MaxAgeSeconds) * time.Second, Hold: s.settings.Hold()}
		if s.outbox, err = c.boxes.Claim(lease, j.Directory, limits); err != nil {
			lease.Release()
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.shared = c.shared[s.conn]; s.shared == nil {
		s.shared = &shared{}
		c.shared[s.conn] = s.shared
	}
	s.shared.stages++
	if !s.cfg.backed() {
		s.shared.bare++
	}
	return nil
}

func (c *Connections) release(s *Stage) {
	c.mu.Lock()
	if !s.cfg.backed() {
		s.shared.bare--
	}
	if s.shared.stages--; s.shared.stages == 0 {
		delete(c.shared, s.conn)
	}
	c.mu.Unlock()
	if s.outbox != nil {
		c.boxes.Unclaim(s.lease, s.outbox)
	}
	s.lease.Release()
}

// Ready reports what keeps events from being stored: a connection that is down
// or a stream that is not fit. Where a journal takes the events it is a
// telemetry.Degraded, unless the stream was never fit. Without connections that a stage
// uses it is nil.
func (c *Connections) Ready(ctx context.Context) error {
	var faults, degraded []error
	for _, conn := range c.inUse() {
		err := conn.Ready(ctx)
		switch {
		case err == nil:
		case (!errors.Is(err, jsconn.ErrUnfit) || conn.WasFit.Load()) && c.boxes.Takes(conn):
			degraded = append(degraded, err)
		default:
			faults = append(faults, err)
		}
	}
	if len(faults) == 0 && len(degraded) > 0 {
		return &telemetry.Degraded{Err: fmt.Errorf("events go to the journal alone: %w", errors.Join(degraded...))}
	}
	return errors.Join(append(faults, degraded...)...)
}

// JournalReady reports, as a telemetry.Degraded, which journals take no events, so that
// what the broker does not take is refused, and which hold events that nobody may ever
// publish.
func (c *Connections) JournalReady(context.Context) error {
	if err := c.boxes.Ready(); err != nil {
		return &telemetry.Degraded{Err: err}
	}
	return nil
}

// Durable reports, as a telemetry.Degraded, what can cost stored events although
// the broker takes them.
func (c *Connections) Durable(context.Context) error {
	var faults []error
	for _, conn := range c.inUse() {
		if risk := conn.Risk(); risk != nil {
			faults = append(faults, risk)
		}
		w := conn.Durability()
		if w.Mismatch != nil {
			faults = append(faults, w.Mismatch)
		}
		if w.AtRisk != nil && !c.backed(conn) {
			faults = append(faults, fmt.Errorf("answers are sent for events that are not on a disk yet; set journal.directory, or sync_interval: always at NATS: %w", w.AtRisk))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return &telemetry.Degraded{Err: errors.Join(faults...)}
}

// backed reports whether all events of conn go into a journal as well.
func (c *Connections) backed(conn *jsconn.Conn) bool {
	c.mu.Lock()
	shared := c.shared[conn]
	bare := shared != nil && shared.bare > 0
	c.mu.Unlock()
	return !bare && c.boxes.Takes(conn)
}

// Close closes every journal, drains every connection and waits until that is done,
// or ctx is. Stages must have finished their deliveries before.
func (c *Connections) Close(ctx context.Context) error {
	return errors.Join(c.boxes.Close(ctx), c.conns.Close(ctx))
}

// inUse are the connections of stages.
func (c *Connections) inUse() []*jsconn.Conn { return c.conns.InUse(c.boxes.Owned()) }

// pollEvery is how often EmptyJournal looks how far it is.
const pollEvery = 50 * time.Millisecond

// closeTimeout bounds the end of connections and journals.
const closeTimeout = 15 * time.Second

// Emptied is what EmptyJournal did.
type Emptied struct {
	Published uint64
	Waiting   int64 // events that are still there
	Parked    int64 // those that the broker does not take as they are
}

// EmptyJournal publishes what processes of one plugin left that are gone, in the
// directory of cfg.Journal and over a connection of its own, until nothing waits and
// what is parked was tried, or ctx is done. The parts of processes that run are
// theirs. It is for an engineer whose plugins are stopped.
func EmptyJournal(ctx context.Context, cfg Config, plugin string, log *slog.Logger) (done Emptied, err error) {
	conns := NewConnections(log, 0, plugin)
	stage, err := New(cfg, conns)
	if err != nil {
		return done, err
	}
	if stage.outbox == nil {
		return done, errors.New("journal.directory is empty")
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for !stage.outbox.Idle() && ctx.Err() == nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	done = Emptied{Published: conns.boxes.Drained.Load(), Waiting: stage.outbox.Depth(), Parked: stage.outbox.Parked()}
	stage.Close()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return done, errors.Join(err, conns.Close(last))
}

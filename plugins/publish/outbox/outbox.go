// Package outbox keeps events on this machine's disk until the broker has them and can no
// longer lose them, and publishes those that the broker did not take.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/publish/jsconn"
)

// errElsewhere keeps events of one broker out of a journal whose events go to
// another one.
var errElsewhere = errors.New("the journal's directory is in use for another broker or user: give this one its own")

// Outbox is a directory of journals: the one that this process writes, and those that
// others left. Its run goroutine publishes what is in them, once it has an owner.
type Outbox struct {
	cfg journal.Config
	log *slog.Logger
	*Counters
	complaints telemetry.Throttle

	own    *journal.Journal
	claims []*jsconn.Lease // of a stage each; guarded by the set's lock
	hold   *jsconn.Lease   // on owner, likewise
	// owner is the connection to publish on. It outlives the claims, so that
	// the journal gets empty.
	owner atomic.Pointer[jsconn.Conn]

	leftMu sync.Mutex
	left   []*journal.Journal // those of processes that are gone, oldest first

	ctx    context.Context // ends with close
	cancel context.CancelFunc
	done   chan struct{}
	drain  drainState
	idle   atomic.Bool // everything was taken over, published or tried

	acksMu sync.Mutex
	acks   map[string]acknowledged // by stream; it forgets nothing that the journal holds
}

func open(cfg journal.Config, log *slog.Logger, counters *Counters) *Outbox {
	log = log.With("stage", stage)
	ctx, cancel := context.WithCancel(context.Background())
	return &Outbox{
		cfg: cfg, log: log.With("journal", cfg.Dir), Counters: counters,
		own: journal.Open(cfg, log, time.Now), ctx: ctx, cancel: cancel, done: make(chan struct{}), acks: map[string]acknowledged{},
	}
}

// Begin stores r, for conn's broker. The entry says when it is on disk.
func (d *Outbox) Begin(ctx context.Context, conn *jsconn.Conn, r *journal.Record) (*journal.Entry, error) {
	if !d.isFor(conn) {
		return nil, errElsewhere
	}
	return d.own.Begin(ctx, r)
}

// isFor reports whether the outbox's events go to conn's broker.
func (d *Outbox) isFor(conn *jsconn.Conn) bool { return d.owner.Load().SameBroker(conn) }

// Depth is how many events wait, those included that other processes left.
func (d *Outbox) Depth() int64 {
	n := d.own.Depth()
	for _, s := range d.leftovers() {
		n += s.Depth()
	}
	return n
}

func (d *Outbox) leftovers() []*journal.Journal {
	d.leftMu.Lock()
	defer d.leftMu.Unlock()
	return slices.Clone(d.left)
}

// adopt opens what processes left that are gone. The own journal is open: otherwise its
// part would look like a leftover.
func (d *Outbox) adopt() {
	parts, err := journal.Left(d.cfg.Dir, d.cfg.Name)
	if err != nil {
		return // the own journal says what is wrong with the directory
	}
	for _, part := range parts {
		cfg := d.cfg
		cfg.Part = part
		d.log.Info("events of a process that is gone are taken over", "part", part)
		s := journal.Open(cfg, d.log, time.Now)
		d.leftMu.Lock()
		d.left = append(d.left, s)
		d.leftMu.Unlock()
	}
}

// finish ends a leftover: with its part, where remove is set.
func (d *Outbox) finish(s *journal.Journal, remove bool) error {
	d.leftMu.Lock()
	d.left = slices.DeleteFunc(d.left, func(one *journal.Journal) bool { return one == s })
	d.leftMu.Unlock()
	if remove {
		return s.Remove(d.ctx)
	}
	return s.Close(d.ctx)
}

// close stops publishing and waits until the disk has everything, or ctx is done.
func (d *Outbox) close(ctx context.Context) error {
	d.cancel()
	select {
	case <-d.done:
	case <-ctx.Done():
	}
	faults := []error{d.own.Close(ctx)}
	for _, s := range d.leftovers() {
		faults = append(faults, s.Close(ctx))
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("journal %s: %w", d.cfg.Dir, err)
	}
	return nil
}

// Queued reports whether events of conn wait. Where the disk fails none do: the broker goes
// on without them.
func (d *Outbox) Queued(conn *jsconn.Conn) bool {
	return d.isFor(conn) && d.own.Part() != "" && d.Depth() > 0
}

// Parked is how many events the broker does not take as they are.
func (d *Outbox) Parked() int64 { return d.own.Stats().Parked }

// Idle reports whether everything was taken over, published or tried.
func (d *Outbox) Idle() bool { return d.idle.Load() }

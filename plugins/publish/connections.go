package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/internal/telemetry"
)

// ErrClosed is a use of Connections after Close.
var ErrClosed = errors.New("connections are closed")

// counters count for all connections, also those that are gone.
type counters struct {
	disconnects, retries, reused       atomic.Uint64
	journaled, drained, journalRefused atomic.Uint64
	journalMissed, republished         atomic.Uint64
	wentBack                           atomic.Uint64
	acked                              [len(ackClasses)]atomic.Uint64
}

// Connections are the NATS connections of a process, one for each set of
// settings. It is safe for concurrent use.
type Connections struct {
	log     *slog.Logger
	linger  time.Duration
	process string
	counters

	mu     sync.Mutex
	byKey  map[key]*connection
	depots map[string]*depot                       // by directory
	create func(path string) (journal.File, error) // of journals; nil for the system's
	closed bool
}

// NewConnections returns an empty set. A connection whose last user is gone is
// drained after linger: Kong closes the old instance of a changed route before it
// starts the new one, and the deliveries between the two should not find the
// connection gone. process is the name of the plugin: in a journal's directory a
// process takes over what another one of its name left.
func NewConnections(log *slog.Logger, linger time.Duration, process string) *Connections {
	return &Connections{log: log, linger: linger, process: process, byKey: map[key]*connection{}, depots: map[string]*depot{}}
}

// acquire returns the connection for cfg, which it starts if nobody has it, and
// the depot behind it, nil for none. It waits for nobody.
func (c *Connections) acquire(cfg *Config) (*connection, *depot, error) {
	opts, err := cfg.options()
	if err != nil {
		return nil, nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, nil, ErrClosed
	}
	k := cfg.key()
	conn, ok := c.byKey[k]
	if !ok {
		conn = newConnection(*cfg, c.log, &c.counters)
		c.byKey[k] = conn
		conn.start(opts)
	}
	conn.users++
	if !cfg.backed() {
		conn.bare++
	}
	if !cfg.Journal.on() {
		return conn, nil, nil
	}
	conn.demand(cfg.heldWindow())
	return conn, c.claim(conn, cfg), nil
}

func (c *Connections) release(cfg *Config, conn *connection, d *depot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !cfg.backed() {
		conn.bare--
	}
	if d != nil {
		c.unclaim(conn, d)
	}
	c.giveUp(conn)
}

// giveUp ends one use of conn. It is called with mu held.
func (c *Connections) giveUp(conn *connection) {
	conn.users--
	if conn.users > 0 || c.closed {
		return
	}
	conn.unusedSince++
	generation := conn.unusedSince
	time.AfterFunc(c.linger, func() { c.drop(conn, generation) })
}

// drop ends conn unless somebody took it up again since generation.
func (c *Connections) drop(conn *connection, generation int) {
	c.mu.Lock()
	unused := conn.users == 0 && conn.unusedSince == generation && !c.closed
	if unused {
		delete(c.byKey, conn.cfg.key())
	}
	c.mu.Unlock()
	if unused {
		conn.stop()
	}
}

// Ready reports what keeps events from being stored: a connection that is down
// or a stream that is not fit. Where a journal takes the events it is a
// telemetry.Degraded, unless the stream was never fit. Without connections that a stage
// uses it is nil.
func (c *Connections) Ready(ctx context.Context) error {
	var faults, degraded []error
	for _, conn := range c.inUse() {
		err := conn.ready(ctx)
		switch {
		case err == nil:
		case (!errors.Is(err, ErrUnfit) || conn.wasFit.Load()) && c.takes(conn):
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

// takes reports whether a journal takes the events of conn.
func (c *Connections) takes(conn *connection) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.depots {
		if slices.Contains(d.claims, conn) && d.takes(conn) == nil {
			return true
		}
	}
	return false
}

// JournalReady reports, as a telemetry.Degraded, which journals take no events, so that
// what the broker does not take is refused, and which hold events that nobody may ever
// publish.
func (c *Connections) JournalReady(context.Context) error {
	var faults []error
	for _, d := range c.allDepots() {
		if err := d.own.Ready(); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", d.cfg.Dir, err))
		}
		if n := d.depth(); n > 0 && !c.claimed(d) {
			faults = append(faults, fmt.Errorf("%s: %d events wait for servers that no running instance names: %v", d.cfg.Dir, n, d.owner.Load().cfg.Servers))
		}
		if n := d.own.Stats().Parked; n > 0 {
			faults = append(faults, fmt.Errorf("%s: %d events cannot be published as they are: see webhookctl journal ls", d.cfg.Dir, n))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return &telemetry.Degraded{Err: errors.Join(faults...)}
}

// Close closes every journal, drains every connection and waits until that is done,
// or ctx is. Stages must have finished their deliveries before.
func (c *Connections) Close(ctx context.Context) error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	var faults []error
	for _, d := range c.allDepots() {
		faults = append(faults, d.close(ctx))
	}
	conns := c.all()
	for _, conn := range conns {
		conn.stop()
	}
	for _, conn := range conns {
		select {
		case <-conn.done:
		case <-ctx.Done():
			return errors.Join(append(faults, ctx.Err())...)
		}
	}
	return errors.Join(faults...)
}

func (c *Connections) allDepots() []*depot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Values(c.depots))
}

// inUse are the connections of stages. One that only a journal has is left out: no
// delivery fails with it.
func (c *Connections) inUse() []*connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := map[*connection]int{} // journals
	for _, d := range c.depots {
		of[d.owner.Load()]++
	}
	var conns []*connection
	for _, conn := range c.byKey {
		if conn.users > of[conn] {
			conns = append(conns, conn)
		}
	}
	return conns
}

// claimed reports whether a stage uses d.
func (c *Connections) claimed(d *depot) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(d.claims) > 0
}

func (c *Connections) all() []*connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	conns := make([]*connection, 0, len(c.byKey))
	for _, conn := range c.byKey {
		conns = append(conns, conn)
	}
	return conns
}

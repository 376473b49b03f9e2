package publish

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// ErrClosed is a use of Connections after Close.
var ErrClosed = errors.New("connections are closed")

// counters count for all connections, also those that are gone.
type counters struct {
	disconnects, retries, reused atomic.Uint64
}

// Connections are the NATS connections of a process, one for each set of
// settings. It is safe for concurrent use.
type Connections struct {
	log    *slog.Logger
	linger time.Duration
	counters

	mu     sync.Mutex
	byKey  map[key]*connection
	closed bool
}

// NewConnections returns an empty set. A connection whose last user is gone is
// drained after linger: Kong closes the old instance of a changed route before it
// starts the new one, and the deliveries between the two should not find the
// connection gone.
func NewConnections(log *slog.Logger, linger time.Duration) *Connections {
	return &Connections{log: log, linger: linger, byKey: map[key]*connection{}}
}

// acquire returns the connection for cfg, which it starts if nobody has it. It
// does not wait for the broker.
func (c *Connections) acquire(cfg *Config) (*connection, error) {
	opts, err := cfg.options()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, ErrClosed
	}
	k := cfg.key()
	conn, ok := c.byKey[k]
	if !ok {
		conn = newConnection(*cfg, c.log, &c.counters)
		c.byKey[k] = conn
		conn.start(opts)
	}
	conn.users++
	return conn, nil
}

func (c *Connections) release(conn *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
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
// or a stream that is not fit. Without connections it is nil.
func (c *Connections) Ready(ctx context.Context) error {
	var faults []error
	for _, conn := range c.all() {
		faults = append(faults, conn.ready(ctx))
	}
	return errors.Join(faults...)
}

// Close drains every connection and waits until they are closed or ctx is done.
// Stages must have finished their deliveries before.
func (c *Connections) Close(ctx context.Context) error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	conns := c.all()
	for _, conn := range conns {
		conn.stop()
	}
	for _, conn := range conns {
		select {
		case <-conn.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
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

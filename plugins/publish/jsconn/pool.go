package jsconn

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/pool"
)

// ErrClosed is a use of a Pool after Close.
var ErrClosed = errors.New("connections are closed")

// stage is the value of the log key "stage".
const stage = "publish"

// Counters count for all connections of a pool, also those that are gone.
type Counters struct {
	Disconnects atomic.Uint64
	WentBack    atomic.Uint64 // streams that ended before what they had acknowledged
}

// Pool is the connections of a process, one for each set of settings. It is safe for
// concurrent use.
type Pool struct {
	Counters
	log   *slog.Logger
	conns *pool.Pool[string, *Conn]
}

// Lease is one user's hold on a connection.
type Lease = pool.Lease[string, *Conn]

// NewPool returns an empty pool. It drains a connection unusedTTL after its last user is
// gone: Kong closes the old instance of a changed route before it starts the new one.
func NewPool(log *slog.Logger, unusedTTL time.Duration) *Pool {
	return &Pool{log: log, conns: pool.New[string](func(*Conn) time.Duration { return unusedTTL }, func(c *Conn) { c.cancel() })}
}

// Acquire returns a hold on the connection for s, which it starts if nobody has it. It
// does not wait for the broker. Its error joins every fault of files and keys.
func (p *Pool) Acquire(s *Settings) (*Lease, error) {
	opts, err := s.options()
	if err != nil {
		return nil, err
	}
	lease, err := p.conns.Acquire(s.key(), func() (*Conn, error) {
		return start(*s, opts, p.log, &p.Counters), nil
	})
	if errors.Is(err, pool.ErrClosed) {
		return nil, ErrClosed
	}
	return lease, err
}

// InUse returns the connections with more holds than owned says. An outbox may be the
// only one that holds a connection: no delivery fails with that.
func (p *Pool) InUse(owned map[*Conn]int) []*Conn {
	conns := maps.Collect(p.conns.All())
	maps.DeleteFunc(conns, func(c *Conn, users int) bool { return users <= owned[c] })
	return slices.Collect(maps.Keys(conns))
}

// Close drains every connection, also those that are held, and waits until that is done,
// or ctx is.
func (p *Pool) Close(ctx context.Context) error {
	conns := maps.Collect(p.conns.All())
	p.conns.Close()
	maps.Insert(conns, p.conns.All()) // acquired meanwhile
	for c := range conns {
		c.cancel()
	}
	for c := range conns {
		select {
		case <-c.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

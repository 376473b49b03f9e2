package ratelimit

import (
	"crypto/sha256"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/pool"
	"webhookedge/plugins/internal/telemetry"
)

// Stores are the counts of a process: one memory, and one client for each Redis. They are
// safe for concurrent use.
type Stores struct {
	log     *slog.Logger
	now     func() time.Time
	metrics *Metrics
	local   *memory
	remotes *pool.Pool[remoteKey, *remote]
	stop    chan struct{}
	done    sync.WaitGroup
}

type remoteKey = [sha256.Size]byte

type remote struct {
	guard *guard
	close func() error
	down  atomic.Bool
}

// NewStores returns an empty set. An unused client closes after unusedTTL: a reload of Kong
// may start the new stages after it ended the old ones.
func NewStores(log *slog.Logger, now func() time.Time, metrics *Metrics, unusedTTL time.Duration) *Stores {
	s := &Stores{log: log, now: now, metrics: metrics, local: newMemory(now, maxKeys), stop: make(chan struct{})}
	s.remotes = pool.New[remoteKey](func(*remote) time.Duration { return unusedTTL }, s.shut)
	metrics.shown.Store(s)
	s.done.Go(s.sweep)
	return s
}

func (s *Stores) sweep() {
	tick := time.NewTicker(sweepInterval)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
			s.local.sweep()
			for r := range s.remotes.All() {
				r.guard.hot.sweep()
			}
		}
	}
}

// acquire returns the Redis of c. It dials nothing: the first delivery does.
func (s *Stores) acquire(c *RedisConfig) (*pool.Lease[remoteKey, *remote], error) {
	o, err := c.options()
	if err != nil {
		return nil, err
	}
	k, err := c.key()
	if err != nil {
		return nil, err
	}
	return s.remotes.Acquire(k, func() (*remote, error) {
		client := newShared(o, time.Duration(c.TimeoutMS)*time.Millisecond)
		r := &remote{close: client.client.Close}
		r.guard = newGuard(client, s.now, s.metrics, func(open bool) { s.changed(r, open) })
		return r, nil
	})
}

func (s *Stores) changed(r *remote, down bool) {
	r.down.Store(down)
	if down {
		s.log.Error("Redis of the limits does not answer: on_store_error applies", telemetry.KeyStage, "ratelimit")
	} else {
		s.log.Info("Redis of the limits answers again", telemetry.KeyStage, "ratelimit")
	}
}

// key tells clients apart by their settings. Secrets are in it only as part of a hash.
func (c *RedisConfig) key() (remoteKey, error) {
	text, err := json.Marshal([]any{c, c.URL.Reveal(), c.Password.Reveal(), c.SentinelPassword.Reveal()})
	return sha256.Sum256(text), err
}

func (s *Stores) shut(r *remote) {
	if err := r.close(); err != nil {
		s.log.Warn("closing the connections to Redis", telemetry.KeyErr, err.Error())
	}
}

// Close closes every client. Stages must have been closed before.
func (s *Stores) Close() {
	close(s.stop)
	s.done.Wait()
	s.remotes.Close()
}

package ratelimit

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/telemetry"
)

// ErrClosed is a use of Stores after Close.
var ErrClosed = errors.New("the stores of limits are closed")

// Stores are the counts of a process: one memory, and one client for each Redis
// and way to reach it, whatever number of stages use it. It is safe for
// concurrent use.
type Stores struct {
	log     *slog.Logger
	now     func() time.Time
	metrics *Metrics
	linger  time.Duration
	local   *memory

	mu     sync.Mutex
	byKey  map[[sha256.Size]byte]*remote
	closed bool
	stop   chan struct{}
	done   sync.WaitGroup
}

// remote is one Redis.
type remote struct {
	key   [sha256.Size]byte
	guard *guard
	close func() error
	users int
	idle  int // how often it lost its last user
	down  atomic.Bool
}

// NewStores returns an empty set. The client of a Redis that nobody uses any more
// is closed after linger, since a reload of Kong may start the new stages after
// it ended the old ones.
func NewStores(log *slog.Logger, now func() time.Time, metrics *Metrics, linger time.Duration) *Stores {
	s := &Stores{
		log: log, now: now, metrics: metrics, linger: linger, local: newMemory(now, maxKeys),
		byKey: map[[sha256.Size]byte]*remote{}, stop: make(chan struct{}),
	}
	metrics.show(s)
	s.done.Go(s.sweep)
	return s
}

func (s *Stores) sweep() {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
			s.local.sweep()
			for _, r := range s.remotes() {
				r.guard.hot.sweep()
			}
		}
	}
}

func (s *Stores) remotes() []*remote {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*remote
	for _, r := range s.byKey {
		all = append(all, r)
	}
	return all
}

// acquire returns the Redis of c. It dials nothing: the first delivery does.
func (s *Stores) acquire(c *RedisConfig) (*remote, error) {
	o, err := c.options()
	if err != nil {
		return nil, err
	}
	k, err := c.key()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	r, ok := s.byKey[k]
	if !ok {
		client := newShared(o, time.Duration(c.TimeoutMS)*time.Millisecond, s.now)
		r = &remote{key: k, close: client.client.Close}
		r.guard = newGuard(client, s.now, s.metrics, func(open bool) { s.changed(r, open) })
		s.byKey[k] = r
	}
	r.users++
	return r, nil
}

// changed logs that a Redis went or came back.
func (s *Stores) changed(r *remote, down bool) {
	r.down.Store(down)
	if down {
		s.log.Error("Redis of the limits does not answer: on_store_error applies", telemetry.KeyStage, "ratelimit")
	} else {
		s.log.Info("Redis of the limits answers again", telemetry.KeyStage, "ratelimit")
	}
}

// key tells settings apart that need clients of their own. The secrets are in it
// only as part of a hash.
func (c *RedisConfig) key() ([sha256.Size]byte, error) {
	text, err := json.Marshal([]any{c, c.URL.Reveal(), c.Password.Reveal(), c.SentinelPassword.Reveal()})
	return sha256.Sum256(text), err
}

func (s *Stores) release(r *remote) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.users--
	if r.users > 0 || s.closed {
		return
	}
	r.idle++
	idle := r.idle
	time.AfterFunc(s.linger, func() { s.drop(r, idle) })
}

func (s *Stores) drop(r *remote, idle int) {
	s.mu.Lock()
	unused := r.users == 0 && r.idle == idle && !s.closed
	if unused {
		delete(s.byKey, r.key)
	}
	s.mu.Unlock()
	if unused {
		s.shut(r)
	}
}

func (s *Stores) shut(r *remote) {
	if err := r.close(); err != nil {
		s.log.Warn("closing the connections to Redis", telemetry.KeyErr, err.Error())
	}
}

// Close closes every client. Stages must have finished their deliveries before.
func (s *Stores) Close() {
	s.mu.Lock()
	was := s.closed
	s.closed = true
	s.mu.Unlock()
	if was {
		return
	}
	close(s.stop)
	s.done.Wait()
	for _, r := range s.remotes() {
		s.shut(r)
	}
}

package pluginserver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/pool"
	"webhookedge/plugins/internal/telemetry"
)

// maxInstances bounds the instances of a process between two sweeps: beyond it the
// one that was idle longest makes room.
const maxInstances = 10_000

// DefaultIdleTimeout is for how long an instance is kept that Kong asks for nothing.
// It is twice the four minutes for which a journal keeps what NATS acknowledged, with
// NATS's own settings, so that the journal of a route that is gone is empty by then
// where NATS works, and short enough for somebody who waits for /readyz.
const DefaultIdleTimeout = 10 * time.Minute

// instance is a started instance. Deliveries use it without a lock.
type instance struct {
	id      int32
	plugin  string
	started time.Time
	handler *pool.Lease[[sha256.Size]byte, *Handler]
	// underWay are the deliveries in it; from ended on, less than zero, it is gone and
	// takes no more.
	underWay atomic.Int64
	used     atomic.Int64 // begin or end of its last delivery, in Unix nanoseconds
}

// ended is added to the deliveries under way of an instance that is gone.
const ended = math.MinInt64 / 2

// enter counts a delivery, unless the instance is gone.
func (i *instance) enter() bool {
	for {
		n := i.underWay.Load()
		if n < 0 {
			return false
		}
		if i.underWay.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// done ends a delivery.
func (i *instance) done(now time.Time) {
	i.used.Store(now.UnixNano())
	if i.underWay.Add(-1) == ended {
		i.handler.Release()
	}
}

// end makes the instance gone. Deliveries under way in it go on.
func (i *instance) end() {
	for {
		n := i.underWay.Load()
		if n < 0 || i.underWay.CompareAndSwap(n, n+ended) {
			if n == 0 {
				i.handler.Release()
			}
			return
		}
	}
}

// instances are the started instances of all plugins of a process.
type instances struct {
	log   *slog.Logger
	now   func() time.Time
	build func(plugin string, config []byte) (*Handler, error)
	newID func() int32
	// handlers are shared by the instances of equal configs.
	handlers *pool.Pool[[sha256.Size]byte, *Handler]
	// byID is replaced as a whole, with mu held, so that a delivery reads it without.
	byID atomic.Pointer[map[int32]*instance]
	mu   sync.Mutex
}

func newInstances(log *slog.Logger, now func() time.Time, build func(string, []byte) (*Handler, error)) *instances {
	s := &instances{log: log, now: now, newID: randomID, build: build}
	s.handlers = pool.New[[sha256.Size]byte](nil, func(h *Handler) {
		if h.Close != nil {
			h.Close()
		}
	})
	s.byID.Store(&map[int32]*instance{})
	return s
}

// start makes an instance of a plugin. A config with faults gives an instance
// that refuses every delivery; all its faults are in one log entry. Workers that start
// the same config at once get one handler; deliveries of other instances do not wait
// while it is built.
func (s *instances) start(plugin string, config []byte) (*instance, error) {
	key, err := configKey(plugin, config)
	if err != nil {
		key = sha256.Sum256(config) // build will say what is wrong with it
	}
	handler, err := s.handlers.Acquire(key, func() (*Handler, error) { return s.buildOne(plugin, config), nil })
	if err != nil {
		return nil, err
	}
	now := s.now()
	i := &instance{plugin: plugin, started: now, handler: handler}
	i.used.Store(now.UnixNano())
	s.mu.Lock()
	defer s.mu.Unlock()
	all := maps.Clone(*s.byID.Load())
	makeRoom(all)
	i.id = s.freeID(all)
	all[i.id] = i
	s.byID.Store(&all)
	return i, nil
}

func (s *instances) buildOne(plugin string, config []byte) (h *Handler) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("config of "+plugin+" cannot be used: every delivery is refused", telemetry.KeyErr, fmt.Sprintf("panic of type %T", p))
			h = misconfigured()
		}
	}()
	h, err := s.build(plugin, config)
	if err != nil {
		faults := strings.ReplaceAll(err.Error(), "\n", "; ")
		s.log.Error("config of "+plugin+" cannot be used: every delivery is refused", telemetry.KeyFaults, faults)
		return misconfigured()
	}
	return h
}

// get returns an instance.
func (s *instances) get(id int32) (*instance, bool) {
	i, ok := (*s.byID.Load())[id]
	return i, ok
}

// use returns an instance for one delivery; done must be called after it, and until
// then its handler is not closed.
func (s *instances) use(id int32) (*instance, bool) {
	i, ok := s.get(id)
	if !ok || !i.enter() {
		return nil, false
	}
	i.used.Store(s.now().UnixNano())
	return i, true
}

// letGo forgets the instances that had no delivery for as long as timeout. Kong closes
// none of a route that is gone, and starts one that it asks for and that is not here
// again, which no sender notices.
func (s *instances) letGo(timeout time.Duration) {
	until := s.now().Add(-timeout).UnixNano()
	gone := s.forget(func(i *instance) bool { return i.used.Load() <= until && i.underWay.CompareAndSwap(0, ended) })
	for _, i := range gone {
		i.handler.Release()
	}
	if n := len(gone); n > 0 {
		s.log.Info("instances without deliveries are let go; Kong starts those again that it needs", "instances", n, "idle", timeout.String())
	}
}

// forget takes out those that are gone.
func (s *instances) forget(gone func(*instance) bool) (out []*instance) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := maps.Clone(*s.byID.Load())
	for id, i := range left {
		if gone(i) {
			delete(left, id)
			out = append(out, i)
		}
	}
	s.byID.Store(&left)
	return out
}

// stop forgets an instance. Deliveries under way in it go on.
func (s *instances) stop(id int32) (*instance, bool) {
	i, ok := s.get(id)
	if !ok {
		return nil, false
	}
	s.forget(func(one *instance) bool { return one == i })
	i.end()
	return i, true
}

// stopAll forgets every instance.
func (s *instances) stopAll() {
	for _, i := range s.forget(func(*instance) bool { return true }) {
		i.end()
	}
}

// makeRoom takes the instance out of all that was idle longest, where there are too
// many.
func makeRoom(all map[int32]*instance) {
	if len(all) < maxInstances {
		return
	}
	oldest := slices.MinFunc(slices.Collect(maps.Values(all)), func(a, b *instance) int { return cmp.Compare(a.used.Load(), b.used.Load()) })
	delete(all, oldest.id)
	go oldest.end() // closing a handler may wait
}

func (s *instances) freeID(all map[int32]*instance) int32 {
	for {
		id := s.newID()
		if _, taken := all[id]; !taken && id != 0 {
			return id
		}
	}
}

// randomID returns 31 random bits. Kong's own sequence numbers collide between
// two Kongs on one server, and counting from one would give a worker that
// outlived a restart of this process somebody else's config.
func randomID() int32 { return rand.Int32() } //nolint:gosec // an id, not a secret

// configKey tells equal configs: Kong's workers send one with its keys in any
// order, and with keys that differ from start to start.
func configKey(plugin string, config []byte) ([sha256.Size]byte, error) {
	var fields map[string]any
	dec := json.NewDecoder(bytes.NewReader(config))
	dec.UseNumber()
	if err := dec.Decode(&fields); err != nil {
		return [sha256.Size]byte{}, err
	}
	for k := range fields {
		if strings.HasPrefix(k, "__") || k == "route_id" || k == "service_id" {
			delete(fields, k)
		}
	}
	canonical, err := json.Marshal([]any{plugin, fields})
	return sha256.Sum256(canonical), err
}

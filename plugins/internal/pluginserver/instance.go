package pluginserver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
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

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/pool"
	"webhookedge/plugins/internal/telemetry"
)

// maxInstances bounds the instances of a process between two sweeps. One more evicts
// the instance that was idle longest.
const maxInstances = 10_000

// DefaultIdleTimeout is how long an instance without deliveries is kept. It is twice
// the four minutes for which a journal keeps what NATS acknowledged with NATS's default
// settings, so that the journal of a removed route is empty by then if NATS works, and
// short enough for an operator who waits for /readyz.
const DefaultIdleTimeout = 10 * time.Minute

// instance is a started instance. Deliveries use it without a lock.
type instance struct {
	id      int32
	plugin  string
	started time.Time
	handler *pool.Lease[[sha256.Size]byte, *Handler]
	// inFlight counts its deliveries. It is negative once the instance is closed, which
	// then takes no more.
	inFlight atomic.Int64
	used     atomic.Int64 // begin or end of its last delivery, in Unix nanoseconds
	// ofRoute says that the plugin is set on a route, so that all deliveries have one;
	// scope says on what, in words.
	ofRoute bool
	scope   string
	known   atomic.Pointer[learned] // nil before the first delivery
}

// asks is what a delivery has to ask Kong for, and what is known without.
func (i *instance) asks(now time.Time) (asked, *learned) {
	h, known := i.handler.Value(), i.known.Load()
	a := asked{shared: h.Take, url: h.AskConnection}
	if known == nil || !now.Before(known.until) {
		a.learn = true
		return a, nil
	}
	a.inLine, a.client, a.route = known.inLine, h.AskClient && !known.inLine, !i.ofRoute
	return a, known
}

// learn keeps what s was told for the deliveries to come. After replies that made no
// sense the next one asks for everything.
func (i *instance) learn(a asked, s *snapshot, refusal error, now time.Time) {
	switch {
	case errors.Is(refusal, wire.ErrMalformed) || errors.Is(refusal, errLine):
		i.known.Store(nil)
	case a.learn:
		i.known.Store(&learned{until: now.Add(relearnInterval), inLine: s.inLine, route: s.d.Route, routeHosts: s.d.RouteHosts})
	}
}

// ended is added to inFlight of a closed instance, which makes it negative.
const ended = math.MinInt64 / 2

// enter counts a delivery, unless the instance is closed.
func (i *instance) enter() bool {
	for {
		n := i.inFlight.Load()
		if n < 0 {
			return false
		}
		if i.inFlight.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// done ends a delivery.
func (i *instance) done(now time.Time) {
	i.used.Store(now.UnixNano())
	if i.inFlight.Add(-1) == ended {
		i.handler.Release()
	}
}

// end closes the instance. Its deliveries under way finish first.
func (i *instance) end() {
	for {
		n := i.inFlight.Load()
		if n < 0 || i.inFlight.CompareAndSwap(n, n+ended) {
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
	// sender returns what counts the deliveries of a provider.
	sender func(provider string) *telemetry.Sender
	newID  func() int32
	// handlers are shared by the instances of equal configs.
	handlers *pool.Pool[[sha256.Size]byte, *Handler]
	// byID is replaced as a whole, with mu held, so that a delivery reads it without.
	byID atomic.Pointer[map[int32]*instance]
	mu   sync.Mutex
}

func newInstances(env Env, build func(string, []byte) (*Handler, error)) *instances {
	s := &instances{log: env.Logger, now: env.Now, newID: randomID, build: build, sender: env.Metrics.Sender}
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
	key, on, err := configKey(plugin, config)
	if err != nil {
		key = sha256.Sum256(config) // build will say what is wrong with it
	}
	handler, err := s.handlers.Acquire(key, func() (*Handler, error) { return s.buildOne(plugin, config), nil })
	if err != nil {
		return nil, err
	}
	now := s.now()
	i := &instance{plugin: plugin, started: now, handler: handler, ofRoute: on.route != "", scope: scope(on.route, on.service)}
	i.used.Store(now.UnixNano())
	s.mu.Lock()
	defer s.mu.Unlock()
	all := maps.Clone(*s.byID.Load())
	evictOldest(all)
	i.id = s.freeID(all)
	all[i.id] = i
	s.byID.Store(&all)
	return i, nil
}

func (s *instances) buildOne(plugin string, config []byte) (h *Handler) {
	defer func() { h.sender = s.sender(h.Provider) }()
	defer func() {
		if p := recover(); p != nil {
			cause := fmt.Sprintf("panic of type %T", p)
			s.log.Error("config of "+plugin+" cannot be used: every delivery is refused", telemetry.KeyErr, cause)
			h = misconfigured(cause)
		}
	}()
	h, err := s.build(plugin, config)
	if err != nil {
		faults := strings.ReplaceAll(err.Error(), "\n", "; ")
		s.log.Error("config of "+plugin+" cannot be used: every delivery is refused", telemetry.KeyFaults, faults)
		return misconfigured(faults)
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

// closeIdle closes the instances that had no delivery for timeout. Kong does not close
// those of a removed route, and it starts one again that is closed, which no sender
// notices.
func (s *instances) closeIdle(timeout time.Duration) {
	until := s.now().Add(-timeout).UnixNano()
	gone := s.forget(func(i *instance) bool { return i.used.Load() <= until && i.inFlight.CompareAndSwap(0, ended) })
	for _, i := range gone {
		i.handler.Release()
	}
	if n := len(gone); n > 0 {
		s.log.Info("idle instances closed; Kong starts those again that it needs", "instances", n, "idle", timeout.String())
	}
}

// forget removes the instances that gone selects and returns them.
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

// stop closes an instance. Its deliveries under way finish first.
func (s *instances) stop(id int32) (*instance, bool) {
	i, ok := s.get(id)
	if !ok {
		return nil, false
	}
	s.forget(func(one *instance) bool { return one == i })
	i.end()
	return i, true
}

// stopAll closes every instance.
func (s *instances) stopAll() {
	for _, i := range s.forget(func(*instance) bool { return true }) {
		i.end()
	}
}

// evictOldest removes the instance that was idle longest where there are too many.
func evictOldest(all map[int32]*instance) {
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

// randomID returns 31 random bits. Kong's own sequence numbers collide when two Kongs
// share a server, and counting from one would give a worker that outlived a restart of
// this process another route's config.
func randomID() int32 { return rand.Int32() } //nolint:gosec // an id, not a secret

// configKey is the same for equal configs: Kong's workers send the keys in any order,
// and some of Kong's own keys differ from start to start. on are the ids of what the
// plugin is set on.
func configKey(plugin string, config []byte) (key [sha256.Size]byte, on struct{ route, service string }, err error) {
	var fields map[string]any
	dec := json.NewDecoder(bytes.NewReader(config))
	dec.UseNumber()
	if err := dec.Decode(&fields); err != nil {
		return key, on, err
	}
	on.route, _ = fields["route_id"].(string)
	on.service, _ = fields["service_id"].(string)
	for k := range fields {
		if strings.HasPrefix(k, "__") || k == "route_id" || k == "service_id" {
			delete(fields, k)
		}
	}
	canonical, err := json.Marshal([]any{plugin, fields})
	return sha256.Sum256(canonical), on, err
}

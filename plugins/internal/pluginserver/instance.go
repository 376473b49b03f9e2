package pluginserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

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

// built is a handler that every instance of an equal config shares.
type built struct {
	handler *Handler
	key     [sha256.Size]byte
	refs    int // instances and deliveries under way; guarded by instances.mu
}

type instance struct {
	id      int32
	plugin  string
	started time.Time
	// What follows is guarded by instances.mu.
	used     time.Time // begin or end of its last delivery
	underWay int       // deliveries
	built    *built
}

// instances are the started instances of all plugins of a process.
type instances struct {
	log    *slog.Logger
	now    func() time.Time
	build  map[string]func([]byte) (*Handler, error)
	newID  func() int32
	mu     sync.Mutex
	byID   map[int32]*instance
	shared map[[sha256.Size]byte]*built
}

func newInstances(log *slog.Logger, now func() time.Time) *instances {
	return &instances{
		log: log, now: now, newID: randomID,
		build:  map[string]func([]byte) (*Handler, error){},
		byID:   map[int32]*instance{},
		shared: map[[sha256.Size]byte]*built{},
	}
}

// start makes an instance of a plugin. A config with faults gives an instance
// that refuses every delivery; all its faults are in one log entry.
func (s *instances) start(plugin string, config []byte) (*instance, error) {
	build, ok := s.build[plugin]
	if !ok {
		return nil, fmt.Errorf("no plugin %q in this server", plugin)
	}
	key, err := configKey(plugin, config)
	if err != nil {
		key = sha256.Sum256(config) // build will say what is wrong with it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.shared[key]
	if !ok {
		// Built under the lock: workers that start the same config at once
		// get one handler, and building neither dials nor waits.
		b = &built{key: key, handler: s.buildOne(plugin, build, config)}
		s.shared[key] = b
	}
	b.refs++
	s.makeRoom()
	i := &instance{id: s.freeID(), plugin: plugin, started: s.now(), used: s.now(), built: b}
	s.byID[i.id] = i
	return i, nil
}

func (s *instances) buildOne(plugin string, build func([]byte) (*Handler, error), config []byte) (h *Handler) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("config of "+plugin+" cannot be used: every delivery is refused", telemetry.KeyErr, fmt.Sprintf("panic of type %T", p))
			h = misconfigured()
		}
	}()
	h, err := build(config)
	if err != nil {
		faults := strings.ReplaceAll(err.Error(), "\n", "; ")
		s.log.Error("config of "+plugin+" cannot be used: every delivery is refused", telemetry.KeyFaults, faults)
		return misconfigured()
	}
	return h
}

// use returns the handler of an instance for one delivery; done must be called
// after it, and until then the instance is not let go.
func (s *instances) use(id int32) (h *Handler, done func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.byID[id]
	if !ok {
		return nil, nil, false
	}
	i.used = s.now()
	i.underWay++
	i.built.refs++
	return i.built.handler, func() { s.done(i) }, true
}

func (s *instances) done(i *instance) {
	s.mu.Lock()
	i.used = s.now()
	i.underWay--
	s.mu.Unlock()
	s.release(i.built)
}

// letGo forgets the instances that had no delivery for as long as timeout. Kong closes
// none of a route that is gone, and starts one that it asks for and that is not here
// again, which no sender notices.
func (s *instances) letGo(timeout time.Duration) {
	s.mu.Lock()
	var gone []*instance
	for id, i := range s.byID {
		if i.underWay == 0 && s.now().Sub(i.used) >= timeout {
			delete(s.byID, id)
			gone = append(gone, i)
		}
	}
	s.mu.Unlock()
	for _, i := range gone {
		s.release(i.built)
	}
	if n := len(gone); n > 0 {
		s.log.Info("instances without deliveries are let go; Kong starts those again that it needs", "instances", n, "idle", timeout.String())
	}
}

// get returns an instance for its status.
func (s *instances) get(id int32) (instance, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.byID[id]
	if !ok {
		return instance{}, false
	}
	return *i, true
}

// stop forgets an instance. Deliveries under way in it go on.
func (s *instances) stop(id int32) (instance, bool) {
	s.mu.Lock()
	i, ok := s.byID[id]
	delete(s.byID, id)
	s.mu.Unlock()
	if !ok {
		return instance{}, false
	}
	s.release(i.built)
	return *i, true
}

// stopAll forgets every instance.
func (s *instances) stopAll() {
	s.mu.Lock()
	ids := make([]int32, 0, len(s.byID))
	for id := range s.byID {
		ids = append(ids, id)
	}
	s.mu.Unlock()
	for _, id := range ids {
		s.stop(id)
	}
}

func (s *instances) release(b *built) {
	s.mu.Lock()
	b.refs--
	last := b.refs == 0
	if last {
		delete(s.shared, b.key)
	}
	s.mu.Unlock()
	if last && b.handler.Close != nil {
		b.handler.Close()
	}
}

// makeRoom is called with mu held.
func (s *instances) makeRoom() {
	if len(s.byID) < maxInstances {
		return
	}
	var oldest *instance
	for _, i := range s.byID {
		if oldest == nil || i.used.Before(oldest.used) {
			oldest = i
		}
	}
	delete(s.byID, oldest.id)
	go s.release(oldest.built) // release takes mu, and Close may wait
}

func (s *instances) freeID() int32 {
	for {
		id := s.newID()
		if _, taken := s.byID[id]; !taken && id != 0 {
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

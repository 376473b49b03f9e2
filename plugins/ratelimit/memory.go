package ratelimit

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxKeys bounds the counts by what any sender can choose; an eighth more are by other
	// things. A count takes under 100 bytes.
	maxKeys = 1 << 20
	shards  = 64
	// sampled is how many counts are looked at to make room for one.
	sampled = 16
	// sweepInterval is how often counts whose windows ended are removed.
	sweepInterval = 10 * time.Second
)

// memory counts in the process, in bounded room: where it is full, an ended window leaves, or
// the one of a few that ends first. Counts by address and header have their own room, so that
// a flood of them evicts no route or tenant. limiter's memory store keeps every key until its
// window ends.
type memory struct {
	now   func() time.Time
	seed  maphash.Seed
	free  [shards]shard // of what senders choose
	fixed [shards]shard // of what they do not
	size  atomic.Int64
}

type shard struct {
	mu   sync.Mutex
	room int
	// Keyed by a seeded hash: nobody can make keys collide; a million do with 10^-7.
	byHash map[uint64]entry
	_      [40]byte // a shard to itself on a cache line
}

type entry struct {
	n    int64
	ends int64 // Unix time in nanoseconds
}

func newMemory(now func() time.Time, keys int) *memory {
	m := &memory{now: now, seed: maphash.MakeSeed()}
	for i := range shards {
		m.free[i] = shard{byHash: map[uint64]entry{}, room: max(keys/shards, 1)}
		m.fixed[i] = shard{byHash: map[uint64]entry{}, room: max(keys/shards/8, 1)}
	}
	return m
}

func (m *memory) at(w *window) (*shard, uint64) {
	h := maphash.String(m.seed, w.key)
	if w.policy == nil || w.policy.rule.by.free() {
		return &m.free[h%shards], h
	}
	return &m.fixed[h%shards], h
}

// take implements store. Until a refused delivery's counts are returned, others that would
// just have passed may be refused.
func (m *memory) take(_ context.Context, windows []window, dst []count) (int, error) {
	now := m.now().UnixNano()
	for i := range windows {
		c, ok := m.add(&windows[i], now)
		dst[i] = c
		if ok {
			continue
		}
		for j := range windows[:i] {
			m.giveBack(&windows[j])
			dst[j].n--
		}
		for j := i + 1; j < len(windows); j++ {
			dst[j] = m.look(&windows[j], now)
		}
		return latest(windows, dst[:len(windows)]), nil
	}
	return -1, nil
}

func (m *memory) add(w *window, now int64) (count, bool) {
	s, h := m.at(w)
	s.mu.Lock()
	defer s.mu.Unlock()
	e, known := s.byHash[h]
	if known && e.ends <= now {
		e = entry{}
	}
	if e.ends == 0 {
		e.ends = now + int64(w.rate.Period)
	}
	c := count{n: e.n, reset: time.Duration(e.ends - now)}
	if e.n >= w.rate.Limit {
		return c, false
	}
	if !known {
		m.makeRoom(s, now)
	}
	e.n++
	s.byHash[h] = e
	c.n = e.n
	return c, true
}

// makeRoom is called with s locked, before a count is added.
func (m *memory) makeRoom(s *shard, now int64) {
	m.size.Add(1)
	if len(s.byHash) < s.room {
		return
	}
	var first uint64
	ends, seen := int64(0), 0
	for h, e := range s.byHash { // from a random place
		if seen == 0 || e.ends < ends {
			first, ends = h, e.ends
		}
		if seen++; seen == sampled || ends <= now {
			break
		}
	}
	m.remove(s, first)
}

func (m *memory) remove(s *shard, h uint64) {
	if _, known := s.byHash[h]; known {
		delete(s.byHash, h)
		m.size.Add(-1)
	}
}

// giveBack takes one from a count, and removes it at none.
func (m *memory) giveBack(w *window) {
	s, h := m.at(w)
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.byHash[h]
	switch {
	case !ok:
	case e.n > 1:
		e.n--
		s.byHash[h] = e
	default:
		m.remove(s, h)
	}
}

func (m *memory) look(w *window, now int64) count {
	s, h := m.at(w)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.byHash[h]; ok && e.ends > now {
		return count{n: e.n, reset: time.Duration(e.ends - now)}
	}
	return count{reset: w.rate.Period}
}

// mark notes that a window is full and ends in reset, for at most as long as given.
func (m *memory) mark(w *window, reset, atMost time.Duration) {
	now := m.now()
	s, h := m.at(w)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.byHash[h]; !known {
		m.makeRoom(s, now.UnixNano())
	}
	s.byHash[h] = entry{n: now.Add(reset).UnixNano(), ends: now.Add(min(reset, atMost)).UnixNano()}
}

// marked returns when a window ends that is noted as full, 0 for one that is not.
func (m *memory) marked(w *window) time.Duration {
	if m.size.Load() == 0 {
		return 0
	}
	now := m.now().UnixNano()
	c := m.look(w, now)
	if c.n == 0 {
		return 0
	}
	return time.Duration(c.n - now)
}

func (m *memory) sweep() {
	now := m.now().UnixNano()
	for _, part := range []*[shards]shard{&m.free, &m.fixed} {
		for i := range part {
			s := &part[i]
			s.mu.Lock()
			for h, e := range s.byHash {
				if e.ends <= now {
					m.remove(s, h)
				}
			}
			s.mu.Unlock()
		}
	}
}

var _ store = (*memory)(nil)

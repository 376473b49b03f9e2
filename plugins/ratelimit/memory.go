package ratelimit

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ulule/limiter/v3"
)

const (
	// maxKeys bounds the counts of a process. A count takes under 100 bytes.
	maxKeys = 1 << 20
	shards  = 64
	// sampled is how many counts are looked at to make room for one.
	sampled = 16
	// sweepEvery is how often counts whose windows ended are removed.
	sweepEvery = 10 * time.Second
)

// memory counts in the process. It has at most a number of counts: where there
// is no room, one whose window ended leaves, or else the one of a few that ends
// first. limiter's memory store keeps every key until its window ends.
type memory struct {
	now   func() time.Time
	seed  maphash.Seed
	shard [shards]shard
	size  atomic.Int64
	room  int // of a shard
}

type shard struct {
	mu sync.Mutex
	// Keyed by a hash with a seed of the process: nobody outside can make two
	// keys collide, and by chance a million keys do with a probability of 10^-7.
	byHash map[uint64]entry
	_      [40]byte // a shard to itself on a cache line
}

type entry struct {
	n    int64
	ends int64 // Unix time in nanoseconds
}

func newMemory(now func() time.Time, keys int) *memory {
	m := &memory{now: now, seed: maphash.MakeSeed(), room: max(keys/shards, 1)}
	for i := range m.shard {
		m.shard[i].byHash = map[uint64]entry{}
	}
	return m
}

func (m *memory) at(key string) (*shard, uint64) {
	h := maphash.String(m.seed, key)
	return &m.shard[h%shards], h
}

// take implements store. A refused delivery's counts are given back, so that
// between the two others may be refused that would just have passed.
func (m *memory) take(_ context.Context, windows []window, dst []count) (int, error) {
	now := m.now().UnixNano()
	for i := range windows {
		c, ok := m.add(windows[i].key, windows[i].rate, 1, now, false)
		dst[i] = c
		if ok {
			continue
		}
		for j := range windows[:i] {
			m.giveBack(windows[j].key)
			dst[j].n--
		}
		for j := i + 1; j < len(windows); j++ {
			dst[j] = m.look(windows[j].key, windows[j].rate, now)
		}
		return latest(windows, dst[:len(windows)]), nil
	}
	return -1, nil
}

// add counts n more where the window has room for them, or in any case where
// plain.
func (m *memory) add(key string, rate limiter.Rate, n, now int64, plain bool) (count, bool) {
	s, h := m.at(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	e, known := s.byHash[h]
	if known && e.ends <= now {
		e = entry{}
	}
	if e.ends == 0 {
		e.ends = now + int64(rate.Period)
	}
	c := count{n: e.n, reset: time.Duration(e.ends - now)}
	if e.n+n > rate.Limit && !plain {
		return c, false
	}
	if !known {
		m.makeRoom(s, now)
		m.size.Add(1)
	}
	e.n += n
	s.byHash[h] = e
	c.n = e.n
	return c, true
}

// makeRoom is called with s locked.
func (m *memory) makeRoom(s *shard, now int64) {
	if len(s.byHash) < m.room {
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
	delete(s.byHash, first)
	m.size.Add(-1)
}

func (m *memory) giveBack(key string) {
	s, h := m.at(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.byHash[h]; ok && e.n > 0 {
		e.n--
		s.byHash[h] = e
	}
}

func (m *memory) look(key string, rate limiter.Rate, now int64) count {
	s, h := m.at(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.byHash[h]; ok && e.ends > now {
		return count{n: e.n, reset: time.Duration(e.ends - now)}
	}
	return count{reset: rate.Period}
}

// mark notes a key until a time, for a memory that only remembers.
func (m *memory) mark(key string, until time.Time) {
	s, h := m.at(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.byHash[h]; !known {
		m.makeRoom(s, m.now().UnixNano())
		m.size.Add(1)
	}
	s.byHash[h] = entry{n: 1, ends: until.UnixNano()}
}

// marked returns how long a key is noted yet, 0 for not at all.
func (m *memory) marked(key string) time.Duration {
	c := m.look(key, limiter.Rate{}, m.now().UnixNano())
	if c.n == 0 {
		return 0
	}
	return c.reset
}

// sweep removes the counts whose windows ended.
func (m *memory) sweep() {
	now := m.now().UnixNano()
	for i := range m.shard {
		s := &m.shard[i]
		s.mu.Lock()
		for h, e := range s.byHash {
			if e.ends <= now {
				delete(s.byHash, h)
				m.size.Add(-1)
			}
		}
		s.mu.Unlock()
	}
}

// Get implements limiter.Store.
func (m *memory) Get(ctx context.Context, key string, rate limiter.Rate) (limiter.Context, error) {
	return m.Increment(ctx, key, 1, rate)
}

// Peek implements limiter.Store.
func (m *memory) Peek(_ context.Context, key string, rate limiter.Rate) (limiter.Context, error) {
	now := m.now()
	return single(now, rate, m.look(key, rate, now.UnixNano())), nil
}

// Reset implements limiter.Store.
func (m *memory) Reset(_ context.Context, key string, rate limiter.Rate) (limiter.Context, error) {
	s, h := m.at(key)
	s.mu.Lock()
	if _, known := s.byHash[h]; known {
		delete(s.byHash, h)
		m.size.Add(-1)
	}
	s.mu.Unlock()
	return single(m.now(), rate, count{reset: rate.Period}), nil
}

// Increment implements limiter.Store.
func (m *memory) Increment(_ context.Context, key string, n int64, rate limiter.Rate) (limiter.Context, error) {
	now := m.now()
	c, _ := m.add(key, rate, n, now.UnixNano(), true)
	return single(now, rate, c), nil
}

var _ store = (*memory)(nil)

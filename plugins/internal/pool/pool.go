// Package pool shares values that cost something to make and to keep, one for equal
// keys: connections, compiled policies, address lists, handlers.
//
// A value is made outside the pool's lock: only users of the same key wait for it. It is
// kept for a while after its last user is gone, since Kong ends the instances of a changed
// route before or after it starts the new ones.
package pool

import (
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"time"
)

// ErrClosed is a use of a pool after Close.
var ErrClosed = errors.New("the pool is closed")

// Pool holds one value a key. It is safe for concurrent use.
type Pool[K comparable, V any] struct {
	ttl func(V) time.Duration
	end func(V)

	mu      sync.Mutex
	entries map[K]*entry[K, V]
	closed  bool
}

type entry[K comparable, V any] struct {
	pool  *Pool[K, V]
	key   K
	made  chan struct{} // closed when value and err are there
	value V
	err   error

	// Guarded by the pool's lock.
	users  int
	unused int // how often it lost its last user
	ready  bool
}

// Lease is one user's hold on a value.
type Lease[K comparable, V any] struct {
	of       *entry[K, V]
	released atomic.Bool
}

// New returns an empty pool. end is called once for each value, outside the pool's
// lock, when it has had no user for the time that ttl says of it then; nil is none,
// for both.
func New[K comparable, V any](ttl func(V) time.Duration, end func(V)) *Pool[K, V] {
	if ttl == nil {
		ttl = func(V) time.Duration { return 0 }
	}
	if end == nil {
		end = func(V) {}
	}
	return &Pool[K, V]{ttl: ttl, end: end, entries: map[K]*entry[K, V]{}}
}

// Acquire returns a lease of the value of key, which fresh makes where there is none.
// The error is fresh's, for everybody who waited for it, or ErrClosed. The next call
// tries again.
func (p *Pool[K, V]) Acquire(key K, fresh func() (V, error)) (*Lease[K, V], error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	e, ok := p.entries[key]
	if !ok {
		e = &entry[K, V]{pool: p, key: key, made: make(chan struct{})}
		p.entries[key] = e
	}
	e.users++
	p.mu.Unlock()
	if ok {
		<-e.made
	} else {
		e.fill(fresh)
	}
	if e.err != nil {
		return nil, e.err
	}
	return &Lease[K, V]{of: e}, nil
}

// errPanic is the error of those who waited for a value when fresh panicked.
var errPanic = errors.New("the value could not be made: panic")

func (e *entry[K, V]) fill(fresh func() (V, error)) {
	e.err = errPanic
	defer func() {
		e.pool.mu.Lock()
		e.ready = e.err == nil
		if !e.ready {
			delete(e.pool.entries, e.key)
		}
		e.pool.mu.Unlock()
		close(e.made)
	}()
	e.value, e.err = fresh()
}

// Value is the value that is held.
func (l *Lease[K, V]) Value() V { return l.of.value }

// Again returns a further hold on the same value. l must be held.
func (l *Lease[K, V]) Again() *Lease[K, V] {
	l.of.pool.mu.Lock()
	defer l.of.pool.mu.Unlock()
	l.of.users++
	return &Lease[K, V]{of: l.of}
}

// Release ends the hold. Only the first call of it counts.
func (l *Lease[K, V]) Release() {
	if !l.released.CompareAndSwap(false, true) {
		return
	}
	e, p := l.of, l.of.pool
	p.mu.Lock()
	e.users--
	if e.users > 0 {
		p.mu.Unlock()
		return
	}
	e.unused++
	unused, closed := e.unused, p.closed
	p.mu.Unlock()
	if ttl := p.ttl(e.value); ttl > 0 && !closed {
		time.AfterFunc(ttl, func() { e.drop(unused) })
		return
	}
	e.drop(unused)
}

// drop ends the value unless it had a user since unused was counted.
func (e *entry[K, V]) drop(unused int) {
	p := e.pool
	p.mu.Lock()
	gone := e.users == 0 && e.unused == unused && p.entries[e.key] == e
	if gone {
		delete(p.entries, e.key)
	}
	p.mu.Unlock()
	if gone {
		p.end(e.value)
	}
}

// All yields the values, with how many hold each. Those that are being made are left
// out.
func (p *Pool[K, V]) All() iter.Seq2[V, int] {
	type held struct {
		value V
		users int
	}
	p.mu.Lock()
	all := make([]held, 0, len(p.entries))
	for _, e := range p.entries {
		if e.ready {
			all = append(all, held{e.value, e.users})
		}
	}
	p.mu.Unlock()
	return func(yield func(V, int) bool) {
		for _, one := range all {
			if !yield(one.value, one.users) {
				return
			}
		}
	}
}

// Close ends the unused values concurrently and waits for that. Values in use end with
// their last lease. Acquire then fails.
func (p *Pool[K, V]) Close() {
	p.mu.Lock()
	p.closed = true
	unused := map[*entry[K, V]]int{}
	for _, e := range p.entries {
		if e.users == 0 {
			unused[e] = e.unused
		}
	}
	p.mu.Unlock()
	var ends sync.WaitGroup
	for e, n := range unused {
		ends.Go(func() { e.drop(n) })
	}
	ends.Wait()
}

package journal

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// state is what became of a record.
type state uint8

const (
	under   state = iota // with its delivery
	waiting              // to be published
	held                 // at the broker, which could still lose it
	done                 // of no more use
)

// Entry is a record in the journal, or on its way into it. Its methods are safe for
// concurrent use.
type Entry struct {
	j   *Journal
	seg *segment // nil until it is written
	at  int64    // its place in the segment
	// writing is what is needed until the write has ended, nil then: while the broker could
	// lose what it acknowledged, there are entries by the hundred thousand.
	writing atomic.Pointer[writing]
	failed  error // how it ended

	stored   int64  // Unix nanoseconds
	tried    int64  // when the broker may have stored it without an ack, likewise; 0 for never
	stream   string // that acknowledged it
	sequence uint64 // in that
	size     int32
	index    int32 // in its segment
	state    state
	acked    bool // the broker had it once
}

// writing is a record on its way to the disk.
type writing struct {
	frame []byte
	ended chan struct{} // closed when the write has ended
}

// Number orders the entries of a journal as they were put in.
func (e *Entry) Number() uint64 { return e.seg.id<<32 | uint64(e.index) + 1 }

// Tried says when the broker may have stored the record although no ack came.
func (e *Entry) Tried(at time.Time) {
	e.j.mu.Lock()
	defer e.j.mu.Unlock()
	e.tried = at.UnixNano()
}

// Forgotten reports whether the broker acknowledged the record before, so that it
// must have it.
func (e *Entry) Forgotten() bool {
	e.j.mu.Lock()
	defer e.j.mu.Unlock()
	return e.acked
}

// Sequence is the one that the broker acknowledged the record with, 0 for none.
func (e *Entry) Sequence() uint64 {
	e.j.mu.Lock()
	defer e.j.mu.Unlock()
	return e.sequence
}

// Wait returns nil once the record is on disk. When ctx is done first it may be
// there or not.
func (e *Entry) Wait(ctx context.Context) error {
	w := e.writing.Load()
	if w == nil {
		return e.failed
	}
	select {
	case <-w.ended:
		return e.failed
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
}

// answer ends the write of the record, with what went wrong.
func (e *Entry) answer(err error) {
	e.failed = err
	close(e.writing.Swap(nil).ended)
}

// Acked says that the broker has the record, as sequence of stream. It stays in the
// journal until Verified.
func (e *Entry) Acked(stream string, sequence uint64) {
	e.j.mu.Lock()
	defer e.j.mu.Unlock()
	e.acked, e.stream, e.sequence = true, stream, sequence
	if limits := e.j.limits.Load(); limits.Hold <= 0 {
		e.become(done)
		return
	}
	e.become(held)
	if e.seg != nil {
		e.seg.lastAck = e.j.now()
	}
}

// Leave says that the record is to be published later. tried is when the broker may
// have stored it although no ack came, zero for never.
func (e *Entry) Leave(tried time.Time) {
	e.j.mu.Lock()
	if !tried.IsZero() {
		e.tried = tried.UnixNano()
	}
	e.become(waiting)
	e.j.mu.Unlock()
	e.j.signal()
}

// Drop says that the record is of no more use.
func (e *Entry) Drop() {
	e.j.mu.Lock()
	defer e.j.mu.Unlock()
	e.become(done)
}

// SetAside says that the record cannot be read. Its segment is kept under another
// name when its last record is done.
func (e *Entry) SetAside() {
	e.j.mu.Lock()
	defer e.j.mu.Unlock()
	e.seg.damaged = true
	e.become(done)
}

// become is called with mu held.
func (e *Entry) become(next state) {
	if e.seg != nil && e.state != next {
		e.seg.count[e.state]--
		e.seg.count[next]++
		if next == held || next == done {
			e.j.marked = append(e.j.marked, e)
		}
		e.j.recount(e.state, -1)
		e.j.recount(next, 1)
	}
	e.state = next
}

// recount keeps the sums over all segments.
func (j *Journal) recount(of state, n int64) {
	switch of {
	case waiting:
		j.depth.Add(n)
	case held:
		j.held.Add(n)
	}
}

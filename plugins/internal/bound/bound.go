// Package bound gives work a time to end by, without a timer for each such time.
//
// A delivery is bounded several times on its way: as a whole, while it is stored, for the
// broker's share of that, for one attempt. Most of these bounds are only looked at; a timer
// runs for one that somebody waits for.
package bound

import (
	"context"
	"sync"
	"time"
)

// WithTimeout returns a context as [context.WithTimeout] does, whose timer starts when
// somebody asks for Done. Where parent is of this package too, cancelling that does not end
// the child: whoever cancels it has waited for what it bounds.
func WithTimeout(parent context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	return WithDeadline(parent, time.Now().Add(timeout))
}

// WithDeadline is WithTimeout with the time of the end.
func WithDeadline(parent context.Context, end time.Time) (context.Context, context.CancelFunc) {
	b := &bounded{root: parent, end: end}
	if outer, ok := parent.(*bounded); ok {
		b.root = outer.root
	}
	if before, ok := parent.Deadline(); ok && before.Before(end) {
		b.end = before
	}
	return b, b.cancel
}

// bounded is a context with a deadline.
type bounded struct {
	root context.Context // the nearest one above of another type
	end  time.Time

	mu        sync.Mutex
	cancelled bool
	timed     context.Context // the same with a timer, nil until somebody asked for Done
	stop      context.CancelFunc
}

// Deadline implements context.Context.
func (b *bounded) Deadline() (time.Time, bool) { return b.end, true }

// Done implements context.Context.
func (b *bounded) Done() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.timed == nil {
		b.timed, b.stop = context.WithDeadline(b.root, b.end)
		if b.cancelled {
			b.stop()
		}
	}
	return b.timed.Done()
}

// Err implements context.Context.
func (b *bounded) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.timed != nil:
		return b.timed.Err()
	case b.cancelled:
		return context.Canceled
	case b.root.Err() != nil:
		return b.root.Err()
	case !time.Now().Before(b.end):
		return context.DeadlineExceeded
	}
	return nil
}

// Value implements context.Context. That of the context with the timer lets package context
// end its children without a goroutine for each.
func (b *bounded) Value(key any) any {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.timed != nil {
		return b.timed.Value(key)
	}
	return b.root.Value(key)
}

func (b *bounded) cancel() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cancelled = true
	if b.stop != nil {
		b.stop()
	}
}

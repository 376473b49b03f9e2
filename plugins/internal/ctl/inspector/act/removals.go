package act

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Why a removal cannot be ordered or taken back.
var (
	ErrUndo    = errors.New("there is nothing to take back: it was taken back before, or the inspector was started anew")
	ErrLate    = errors.New("it is too late: it is removed")
	ErrWaiting = errors.New("it waits to be removed already: take that back first")
	ErrMany    = errors.New("too much waits to be removed: try again in some seconds")
)

const (
	maxRemovals   = 64
	removeTimeout = 10 * time.Second
)

// removal removes something after a while.
type removal struct {
	key, target, title string
	timer              *time.Timer
	do                 func(context.Context) error
	started, ended     bool
	err                error
}

// removals are those that wait, and the last that are done, for who asks too late.
type removals struct {
	wait   time.Duration
	ctx    context.Context //nolint:containedctx // it ends with the desk, as the removals do
	cancel context.CancelFunc
	work   sync.WaitGroup
	mu     sync.Mutex
	all    []*removal
	closed bool
}

func newRemovals(wait time.Duration) *removals {
	r := &removals{wait: wait}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	return r
}

// add lets do remove a target after a while. title says that it was taken back.
func (r *removals) add(target, title string, do func(context.Context) error) (key string, until time.Time, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return "", time.Time{}, ErrClosed
	}
	if r.find(func(one *removal) bool { return one.target == target && !one.ended }) != nil {
		return "", time.Time{}, ErrWaiting
	}
	if !r.room() {
		return "", time.Time{}, ErrMany
	}
	one := &removal{key: newKey(), target: target, title: title, do: do}
	until = time.Now().Add(r.wait)
	one.timer = time.AfterFunc(r.wait, func() { r.run(one) })
	r.all = append(r.all, one)
	return one.key, until, nil
}

// waits reports whether a target is about to be removed.
func (r *removals) waits(target string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.find(func(one *removal) bool { return one.target == target && !one.ended }) != nil
}

// undo takes a removal back and returns its title.
func (r *removals) undo(key string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.find(func(one *removal) bool { return one.key == key })
	switch {
	case one == nil:
		return "", ErrUndo
	case one.err != nil:
		return "", fmt.Errorf("it was not removed: %w", one.err)
	case one.started:
		return "", ErrLate
	}
	one.timer.Stop()
	r.forget(one)
	return one.title, nil
}

// close keeps what waits, and waits for what is being removed.
func (r *removals) close() {
	r.mu.Lock()
	r.closed = true
	for _, one := range r.all {
		one.timer.Stop()
	}
	r.mu.Unlock()
	r.work.Wait()
	r.cancel()
}

func (r *removals) run(one *removal) {
	r.mu.Lock()
	// A timer that fired is not stopped by who came a moment later.
	if r.closed || r.find(func(other *removal) bool { return other == one }) == nil {
		r.mu.Unlock()
		return
	}
	one.started = true
	r.work.Add(1)
	defer r.work.Done()
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(r.ctx, removeTimeout)
	defer cancel()
	err := one.do(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	one.ended, one.err = true, err
}

// room makes room for one more, and is false where all of them wait.
func (r *removals) room() bool {
	if len(r.all) < maxRemovals {
		return true
	}
	old := r.find(func(one *removal) bool { return one.ended })
	if old != nil {
		r.forget(old)
	}
	return old != nil
}

func (r *removals) find(is func(*removal) bool) *removal {
	for _, one := range r.all {
		if is(one) {
			return one
		}
	}
	return nil
}

func (r *removals) forget(one *removal) {
	for i := range r.all {
		if r.all[i] == one {
			r.all = append(r.all[:i:i], r.all[i+1:]...)
			return
		}
	}
}

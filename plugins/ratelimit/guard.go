package ratelimit

import (
	"context"
	"errors"
	"time"

	"github.com/sony/gobreaker/v2"
)

const (
	// failures in a row after which Redis is left alone for a while.
	failures    = 3
	openTimeout = time.Second
	// A key that is over its limit is refused without asking for hotTTL, or
	// until its window ends. hotKeys bounds how many are remembered.
	hotTTL  = time.Second
	hotKeys = 1 << 14
)

// guard stands in front of a Redis that may be slow, dead or full.
type guard struct {
	store   store
	hot     *memory
	breaker *gobreaker.CircuitBreaker[int]
	metrics *Metrics
	now     func() time.Time
}

func newGuard(s store, now func() time.Time, m *Metrics, changed func(open bool)) *guard {
	return &guard{
		store: s, hot: newMemory(now, hotKeys), metrics: m, now: now,
		breaker: gobreaker.NewCircuitBreaker[int](gobreaker.Settings{
			Timeout:     openTimeout,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= failures },
			IsExcluded:  func(err error) bool { return errors.Is(err, errExpired) },
			OnStateChange: func(_ string, from, to gobreaker.State) {
				if from == gobreaker.StateClosed || to == gobreaker.StateClosed {
					changed(to != gobreaker.StateClosed)
				}
			},
		}),
	}
}

// errExpired is the delivery's own deadline, which says nothing about the store.
var errExpired = errors.New("the delivery's deadline passed")

// take is store's; local is a window that is remembered as full. Errors are ErrStore.
func (g *guard) take(ctx context.Context, windows []window, dst []count) (full int, local bool, err error) {
	for i := range windows {
		if left := g.hot.marked(&windows[i]); left > 0 {
			dst[i] = count{n: windows[i].rate.Limit, reset: left}
			return i, true, nil
		}
	}
	full, err = g.breaker.Execute(func() (int, error) {
		start := g.now()
		full, err := g.store.take(ctx, windows, dst)
		g.metrics.seconds.Observe(g.now().Sub(start).Seconds())
		if err != nil && ctx.Err() != nil {
			err = errors.Join(errExpired, err)
		}
		return full, err
	})
	if err != nil {
		g.metrics.failed(err)
		return -1, false, errors.Join(ErrStore, err)
	}
	if full >= 0 {
		g.hot.mark(&windows[full], dst[full].reset, hotTTL)
	}
	return full, false, nil
}

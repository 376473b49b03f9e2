package site

import (
	"context"
	"sync"
	"time"
)

// CacheTTL is how long an answer stands for those who ask after it: what several tabs
// ask at once costs NATS and the plugins once.
const CacheTTL = 2 * time.Second

// Cache keeps one answer for CacheTTL. The zero value is empty. It is safe for concurrent
// use.
type Cache[T any] struct {
	mu    sync.Mutex
	until time.Time
	value T
}

// Get returns what ask last answered, and asks anew where that is too old. Who comes
// meanwhile waits for the same answer. A caller that goes away does not end it, so ask
// must have a bound of its own; an error is not kept.
func (c *Cache[T]) Get(ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Now().Before(c.until) {
		return c.value, nil
	}
	value, err := ask(context.WithoutCancel(ctx))
	if err != nil {
		return value, err
	}
	c.value, c.until = value, time.Now().Add(CacheTTL)
	return value, nil
}

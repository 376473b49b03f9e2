package jsconn

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// fault is the last error of what is tried or looked at again and again. The zero value
// is none.
type fault struct{ err atomic.Pointer[error] }

func (f *fault) get() error {
	if err := f.err.Load(); err != nil {
		return *err
	}
	return nil
}

// set takes the newest error, nil for none, and reports whether it says something else
// than the one before.
func (f *fault) set(err error) (news bool) {
	if err == nil {
		f.err.Store(nil)
		return false
	}
	before := f.err.Swap(&err)
	return before == nil || (*before).Error() != err.Error()
}

// raise makes a at least n, and reports whether it was less.
func raise(a *atomic.Uint64, n uint64) bool {
	for {
		has := a.Load()
		if n <= has {
			return false
		}
		if a.CompareAndSwap(has, n) {
			return true
		}
	}
}

// signal wakes who waits for c, once for several signals.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// down is why there is no connection.
func (c *Conn) down() error {
	err := cmp.Or(c.lastErr.get(), nats.ErrDisconnected)
	if nc := c.nc.Load(); nc != nil {
		err = cmp.Or(nc.LastError(), err)
	}
	return fmt.Errorf("%w: %w", ErrDisconnected, c.explain(err))
}

// explain adds what an engineer has to look at.
func (c *Conn) explain(err error) error {
	if errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) || errors.Is(err, nats.ErrAuthRevoked) {
		return fmt.Errorf("NATS refuses us with %s: %w", c.cfg.credentials(), err)
	}
	return err
}

func (c *Conn) onConnect(nc *nats.Conn) {
	c.lastErr.set(nil)
	c.breaker.Store(newBreaker()) // what failed before says nothing of this connection
	c.creating.Store(c.cfg.Stream.Ensure == EnsureCreate)
	if c.servers.isNew(nc.ConnectedServerName(), nc.ConnectedServerId()) {
		c.restarts.Add(1)
	}
	c.log.Info("nats connected", "server", nc.ConnectedUrlRedacted())
	signal(c.established)
}

func (c *Conn) onDisconnect(_ *nats.Conn, err error) {
	if c.ctx.Err() != nil {
		return // we closed it
	}
	c.Disconnects.Add(1)
	err = cmp.Or(err, nats.ErrDisconnected)
	c.lastErr.set(err)
	c.log.Warn("nats disconnected, connecting again", "err", c.explain(err).Error())
}

// onFailure logs the first failed attempt, and then other reasons, which alternate where
// there are several servers.
func (c *Conn) onFailure(_ *nats.Conn, err error) {
	if err == nil || c.ctx.Err() != nil {
		return
	}
	first := c.lastErr.get() == nil
	if c.lastErr.set(err) && (first || c.complaints.Allow("connect", time.Now())) {
		c.log.Warn("nats connect failed, trying again", "err", c.explain(err).Error())
	}
}

func (c *Conn) onAsyncError(_ *nats.Conn, _ *nats.Subscription, err error) {
	if c.complaints.Allow("async", time.Now()) {
		c.log.Warn("nats reports an error", "err", c.explain(err).Error())
	}
}

// Ready is nil when an event could be stored now, as far as can be told without
// storing one.
func (c *Conn) Ready(ctx context.Context) error {
	js, err := c.Client(ctx)
	if err != nil || c.cfg.Stream.Ensure == EnsureOff {
		return err
	}
	c.readyMu.Lock()
	defer c.readyMu.Unlock()
	if time.Since(c.readyAt) >= readyFor {
		if _, c.readyErr = c.check(ctx, js); c.readyErr == nil || errors.Is(c.readyErr, ErrUnfit) {
			c.note(c.readyErr)
		}
		c.readyAt = time.Now()
	}
	return c.readyErr
}

// doubt makes the next ready ask the broker.
func (c *Conn) doubt() {
	c.readyMu.Lock()
	defer c.readyMu.Unlock()
	c.readyAt = time.Time{}
}

// searchLead is the least time that a question and a publish may take together.
const searchLead = 2 * time.Second

// ForgetsAfter is when the stream may not know an id any more, with some time for
// the question.
func (c *Conn) ForgetsAfter() time.Duration {
	window := time.Duration(c.window.Load())
	if window == 0 { // it was not looked at
		window = minWindow
	}
	return max(window-max(window/10, searchLead), 0)
}

// The values of State.
const (
	StateUp    = "up"    // connected, and the stream is fit or not looked at
	StateUnfit = "unfit" // connected, and the stream would not take the events
	StateDown  = "down"
)

// State is one of StateUp, StateUnfit and StateDown.
func (c *Conn) State() string {
	switch {
	case !c.isConnected():
		return StateDown
	case c.streamErr.get() != nil:
		return StateUnfit
	default:
		return StateUp
	}
}

// Settings are what the connection was made with; they are not to be changed.
func (c *Conn) Settings() *Settings { return &c.cfg }

// Log is the logger of the connection.
func (c *Conn) Log() *slog.Logger { return c.log }

// Restarts counts connects to server processes that were not seen before.
func (c *Conn) Restarts() uint64 { return c.restarts.Load() }

// WasFit reports whether the stream was fit at least once.
func (c *Conn) WasFit() bool { return c.wasFit.Load() }

// Risk is what endangers what the stream keeps, nil for nothing known.
func (c *Conn) Risk() error { return c.risk.get() }

// Worth is what is known of the broker's acks. It is never nil.
func (c *Conn) Worth() *Worth { return c.acksWorth.Load() }

// Allow lets one log line of a kind through a minute.
func (c *Conn) Allow(kind string) bool { return c.complaints.Allow(kind, time.Now()) }

// Reconnects counts how often the client connected again. connected is false while it is
// not connected.
func (c *Conn) Reconnects() (n uint64, connected bool) {
	if !c.isConnected() {
		return 0, false
	}
	return c.nc.Load().Stats().Reconnects, true
}

// SameBroker reports whether o is a connection to the same broker, and the same user
// there. A password may change without that.
func (c *Conn) SameBroker(o *Conn) bool { return c == o || c.broker() == o.broker() }

package jsconn

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sony/gobreaker/v2"
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
		return fmt.Errorf("NATS refuses us with %s: %w", c.Settings.credentials(), err)
	}
	return err
}

func (c *Conn) onConnect(nc *nats.Conn) {
	c.lastErr.set(nil)
	c.breaker.Store(newBreaker()) // what failed before says nothing of this connection
	c.creating.Store(c.Settings.Stream.Ensure == EnsureCreate)
	if c.servers.isNew(nc.ConnectedServerName(), nc.ConnectedServerId()) {
		c.Restarts.Add(1)
	}
	c.Log.Info("nats connected", "server", nc.ConnectedUrlRedacted())
	signal(c.established)
}

func (c *Conn) onDisconnect(_ *nats.Conn, err error) {
	if c.ctx.Err() != nil {
		return // we closed it
	}
	c.Disconnects.Add(1)
	err = cmp.Or(err, nats.ErrDisconnected)
	c.lastErr.set(err)
	c.Log.Warn("nats disconnected, connecting again", "err", c.explain(err).Error())
}

// onFailure logs the first failed attempt, and then other reasons, which alternate where
// there are several servers.
func (c *Conn) onFailure(_ *nats.Conn, err error) {
	if err == nil || c.ctx.Err() != nil {
		return
	}
	first := c.lastErr.get() == nil
	if c.lastErr.set(err) && (first || c.Complaints.Allow("connect", time.Now())) {
		c.Log.Warn("nats connect failed, trying again", "err", c.explain(err).Error())
	}
}

func (c *Conn) onAsyncError(_ *nats.Conn, _ *nats.Subscription, err error) {
	if c.Complaints.Allow("async", time.Now()) {
		c.Log.Warn("nats reports an error", "err", c.explain(err).Error())
	}
}

// Ready is nil when an event could be stored now, as far as can be told without
// storing one.
func (c *Conn) Ready(ctx context.Context) error {
	js, err := c.Client(ctx)
	if err != nil || c.Settings.Stream.Ensure == EnsureOff {
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

// Risk is what endangers what the stream keeps, nil for nothing known.
func (c *Conn) Risk() error { return c.risk.get() }

// Durability is what is known of the broker's acks. It is never nil.
func (c *Conn) Durability() *Durability { return c.durability.Load() }

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
func (c *Conn) SameBroker(o *Conn) bool {
	a, b := &c.Settings, &o.Settings
	return c == o || slices.Equal(a.Servers, b.Servers) && a.JetStreamDomain == b.JetStreamDomain &&
		a.Username == b.Username && a.NKeySeed.Reveal() == b.NKeySeed.Reveal() && a.CredsFile == b.CredsFile
}

// maxServers bounds what is remembered of a cluster's servers.
const maxServers = 64

// serverProcesses are the ids of server processes by the names of their servers: a
// broken link to a cluster that goes on is no reason to doubt what it has.
type serverProcesses struct {
	mu  sync.Mutex
	ids map[string]string
}

// isNew takes in a process and reports whether it was not seen before, beside the
// very first.
func (p *serverProcesses) isNew(server, id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := p.ids == nil
	if first || len(p.ids) > maxServers {
		p.ids = map[string]string{}
	}
	known := p.ids[server] == id
	p.ids[server] = id
	return !known && !first
}

const (
	// breakerFailures is how many attempts in a row must fail before the broker is
	// left alone.
	breakerFailures = 5
	// breakerTimeout is for how long; then a few deliveries try it again.
	breakerTimeout = time.Second
	breakerProbes  = 3
)

// newBreaker returns a breaker that leaves a broker alone which does not
// answer, so that a delivery costs no wait. What it says of one event alone is
// no sign of its health.
func newBreaker() *gobreaker.CircuitBreaker[*jetstream.PubAck] {
	return gobreaker.NewCircuitBreaker[*jetstream.PubAck](gobreaker.Settings{
		Name: stage, MaxRequests: breakerProbes, Timeout: breakerTimeout,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakerFailures },
		IsSuccessful: func(err error) bool { return err == nil || !Transient(err) || InProcess(err) },
	})
}

// BreakerOpen reports whether the broker is left alone.
func (c *Conn) BreakerOpen() bool { return c.breaker.Load().State() == gobreaker.StateOpen }

// BreakerError says why nothing is published while the breaker is open.
func BreakerError() error {
	return fmt.Errorf("%w: it did not answer %d times in a row and is left alone for %s", ErrDisconnected, breakerFailures, breakerTimeout)
}

// Guard does one attempt to publish, unless the breaker leaves the broker alone.
func (c *Conn) Guard(attempt func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
	return c.breaker.Load().Execute(attempt)
}

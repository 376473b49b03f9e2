package jsconn

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sony/gobreaker/v2"

	"webhookedge/plugins/internal/telemetry"
)

const (
	// watchInterval is how often the stream is looked at: somebody may delete it, or
	// change it so that it drops events.
	watchInterval = time.Second
	// readyFor is how long an answer of ready stands, so that probes of many
	// kinds cost the broker one question a second.
	readyFor = time.Second
)

// Link is an established client; the pair is swapped as one.
type Link struct {
	NC *nats.Conn
	JS jetstream.JetStream
}

// Conn is one shared connection and what is known of its stream. Its run
// goroutine owns the way from dialling to draining.
type Conn struct {
	cfg    Settings
	log    *slog.Logger
	cancel context.CancelFunc
	ctx    context.Context // ends with stop
	done   chan struct{}   // closed when everything has ended

	dialled     chan struct{} // closed when the first attempt has ended, well or not
	established chan struct{} // a signal for each connect
	nudge       chan struct{} // a signal to look at the stream again
	inspected   chan struct{} // closed after the first look at the stream
	looked      sync.Once     // closes it
	lookedAt    atomic.Int64  // Unix seconds when an event asked for another look
	needs       atomic.Int64  // duplicate window that the users need, in nanoseconds
	link        atomic.Pointer[Link]
	lastErr     atomic.Pointer[error] // of connecting; nil while connected
	streamErr   atomic.Pointer[error] // of the last check; nil when fit
	wasFit      atomic.Bool           // it was fit once
	bucketErr   atomic.Pointer[error] // what keeps large payloads from lasting; nil for nothing known
	risk        atomic.Pointer[error] // what endangers what the stream keeps; nil for nothing known
	acksWorth   atomic.Pointer[Worth] // never nil
	weighed     time.Time             // when that was asked for; of the run goroutine
	weighedAt   string                // the server process that answered then, likewise
	creating    atomic.Bool           // streams that are missing are about to be made
	maxMsg      atomic.Int64          // bytes that the stream takes in one message, 0 for no limit
	highest     atomic.Uint64         // sequence that it acknowledged
	short       bool                  // the stream ended before that a moment ago; of the run goroutine
	window      atomic.Int64          // its duplicate window in nanoseconds, 0 when it is not known
	servers     serverProcesses
	restarts    atomic.Uint64 // connects to a server process that was not seen before
	complaints  telemetry.Throttle
	*Counters
	breaker atomic.Pointer[gobreaker.CircuitBreaker[*jetstream.PubAck]]

	readyMu  sync.Mutex
	readyAt  time.Time
	readyErr error
}

func newConn(cfg Settings, log *slog.Logger, counters *Counters) *Conn {
	ctx, cancel := context.WithCancel(context.Background())
	c := &Conn{
		cfg: cfg, ctx: ctx, cancel: cancel, Counters: counters,
		log:  log.With("stage", stage, "stream", cfg.Stream.Name, "servers", cfg.Servers),
		done: make(chan struct{}), dialled: make(chan struct{}), established: make(chan struct{}, 1), nudge: make(chan struct{}, 1), inspected: make(chan struct{}),
	}
	c.breaker.Store(newBreaker())
	c.acksWorth.Store(cfg.presumed())
	c.creating.Store(cfg.Stream.Ensure == EnsureCreate)
	return c
}

func (c *Conn) start(opts []nats.Option) {
	opts = append(opts,
		nats.ConnectHandler(c.onConnect), nats.ReconnectHandler(c.onConnect),
		nats.DisconnectErrHandler(c.onDisconnect), nats.ReconnectErrHandler(c.onFailure),
		nats.ErrorHandler(c.onAsyncError),
	)
	go c.run(opts)
}

func (c *Conn) stop() { c.cancel() }

func (c *Conn) run(opts []nats.Option) {
	defer close(c.done)
	l := c.dial(opts)
	if l == nil {
		return
	}
	watch := time.NewTicker(watchInterval)
	defer watch.Stop()
	for fit := false; ; {
		select {
		case <-c.established:
			fit = c.inspect(l) == nil
		case <-c.nudge:
			if l.NC.IsConnected() {
				fit = c.inspect(l) == nil
			}
		case <-watch.C:
			if l.NC.IsConnected() {
				fit = fit && c.watch(l) == nil || c.inspect(l) == nil
			}
		case <-c.ctx.Done():
			c.drain(l)
			return
		}
	}
}

// dial makes the client, which from then on reconnects by itself. It returns
// nil only after stop.
func (c *Conn) dial(opts []nats.Option) *Link {
	var once sync.Once
	attempted := func() { once.Do(func() { close(c.dialled) }) }
	defer attempted()
	for c.ctx.Err() == nil {
		l, err := connect(&c.cfg, opts)
		if err == nil {
			c.link.Store(l)
			return l
		}
		c.onFailure(nil, err)
		attempted()
		select {
		case <-time.After(reconnectHigh):
		case <-c.ctx.Done():
		}
	}
	return nil
}

func connect(cfg *Settings, opts []nats.Option) (*Link, error) {
	all := func(o *nats.Options) error {
		o.Servers = cfg.Servers
		return nil
	}
	nc, err := nats.Connect("", append([]nats.Option{all}, opts...)...)
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(nc)
	if cfg.JetStreamDomain != "" {
		js, err = jetstream.NewWithDomain(nc, cfg.JetStreamDomain)
	}
	if err != nil {
		nc.Close()
		return nil, err
	}
	return &Link{NC: nc, JS: js}, nil
}

func (c *Conn) drain(l *Link) {
	closed := l.NC.StatusChanged(nats.CLOSED)
	if err := l.NC.Drain(); err != nil {
		l.NC.Close() // nothing to drain while disconnected
	}
	for !l.NC.IsClosed() {
		select {
		case <-closed:
		case <-time.After(drainTimeout + time.Second):
			l.NC.Close()
		}
	}
	c.log.Info("nats connection closed")
}

// Client returns the client once the first attempt to connect has ended, for
// which it waits no longer than ctx: a route's first delivery often comes while
// the connection is still being made.
func (c *Conn) Client(ctx context.Context) (*Link, error) {
	select {
	case <-c.dialled:
	case <-ctx.Done():
		return nil, c.down()
	}
	l := c.link.Load()
	// A publish while disconnected fails by itself, but nats.go keeps the
	// entry of the expected answer for as long as the client lives.
	if l == nil || !l.NC.IsConnected() {
		return nil, c.down()
	}
	return l, nil
}

// WhileConnected ends ctx when the connection breaks: the answers that are under way
// are lost with it, and nats.go waits for them.
func (c *Conn) WhileConnected(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	nc := c.link.Load().NC
	broken := nc.StatusChanged(nats.RECONNECTING, nats.CLOSED)
	go func() {
		defer nc.RemoveStatusListener(broken)
		select {
		case <-broken:
			cancel()
		case <-ctx.Done():
		}
	}()
	if !nc.IsConnected() {
		cancel()
	}
	return ctx, cancel
}

// MaxPayload is how many bytes of headers and data the broker takes in one
// message, as it said when it was connected last.
func (c *Conn) MaxPayload(ctx context.Context) (limit int64, err error) {
	l := c.link.Load()
	if l == nil || l.NC.MaxPayload() <= 0 {
		if l, err = c.Client(ctx); err != nil {
			return 0, err
		}
	}
	limit = l.NC.MaxPayload()
	if most := c.maxMsg.Load(); most > 0 {
		limit = min(limit, most)
	}
	return limit, nil
}

// down is why there is no connection.
func (c *Conn) down() error {
	err := nats.ErrDisconnected
	if p := c.lastErr.Load(); p != nil {
		err = *p
	}
	if l := c.link.Load(); l != nil && l.NC.LastError() != nil {
		err = l.NC.LastError()
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
	c.lastErr.Store(nil)
	c.breaker.Store(newBreaker()) // what failed before says nothing of this connection
	c.creating.Store(c.cfg.Stream.Ensure == EnsureCreate)
	if c.servers.isNew(nc.ConnectedServerName(), nc.ConnectedServerId()) {
		c.restarts.Add(1)
	}
	c.log.Info("nats connected", "server", nc.ConnectedUrlRedacted())
	select {
	case c.established <- struct{}{}:
	default:
	}
}

func (c *Conn) onDisconnect(_ *nats.Conn, err error) {
	if c.ctx.Err() != nil {
		return // we closed it
	}
	c.Disconnects.Add(1)
	if err == nil {
		err = nats.ErrDisconnected
	}
	c.lastErr.Store(&err)
	c.log.Warn("nats disconnected, connecting again", "err", c.explain(err).Error())
}

// onFailure logs the first failed attempt, and then other reasons, which take
// turns where there are several servers.
func (c *Conn) onFailure(_ *nats.Conn, err error) {
	if err == nil || c.ctx.Err() != nil {
		return
	}
	before := c.lastErr.Swap(&err)
	if before == nil || (*before).Error() != err.Error() && c.complaints.Allow("connect", time.Now()) {
		c.log.Warn("nats connect failed, trying on", "err", c.explain(err).Error())
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
	l, err := c.Client(ctx)
	if err != nil || c.cfg.Stream.Ensure == EnsureOff {
		return err
	}
	c.readyMu.Lock()
	defer c.readyMu.Unlock()
	if time.Since(c.readyAt) >= readyFor {
		if _, c.readyErr = c.check(ctx, l.JS); c.readyErr == nil || errors.Is(c.readyErr, ErrUnfit) {
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
	l := c.link.Load()
	switch {
	case l == nil || !l.NC.IsConnected():
		return StateDown
	case c.streamErr.Load() != nil:
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
func (c *Conn) Risk() error {
	if risk := c.risk.Load(); risk != nil {
		return *risk
	}
	return nil
}

// Worth is what is known of the broker's acks. It is never nil.
func (c *Conn) Worth() *Worth { return c.acksWorth.Load() }

// Allow lets one log line of a kind through a minute.
func (c *Conn) Allow(kind string) bool { return c.complaints.Allow(kind, time.Now()) }

// Reconnects counts how often the client connected again. connected is false while it is
// not connected.
func (c *Conn) Reconnects() (n uint64, connected bool) {
	l := c.link.Load()
	if l == nil || !l.NC.IsConnected() {
		return 0, false
	}
	return l.NC.Stats().Reconnects, true
}

// SameBroker reports whether o is a connection to the same broker, and the same user
// there. A password may change without that.
func (c *Conn) SameBroker(o *Conn) bool { return c == o || c.broker() == o.broker() }

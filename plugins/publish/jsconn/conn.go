// Package jsconn holds the NATS connections of a process: it connects, watches the
// JetStream stream and admits events only while the stream keeps what it takes. Payloads
// that are too large for a message go through it to the object store.
package jsconn

import (
	"context"
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

// Conn is one shared connection and what is known of its stream. Its run
// goroutine owns the way from dialling to draining.
type Conn struct {
	Settings Settings // not to be changed
	Log      *slog.Logger
	// Complaints lets one log line of a kind through a minute.
	Complaints telemetry.Throttle
	WasFit     atomic.Bool   // the stream, at least once
	Restarts   atomic.Uint64 // connects to a server process that was not seen before

	cancel context.CancelFunc
	ctx    context.Context // ends with cancel
	done   chan struct{}   // closed when everything has ended

	dialled     chan struct{}       // closed when the first attempt has ended, well or not
	established chan struct{}       // a signal for each connect
	nudge       chan struct{}       // a signal to look at the stream again
	inspected   chan struct{}       // closed after the first look at the stream
	looked      sync.Once           // closes it
	lookedAt    atomic.Int64        // Unix seconds when an event asked for another look
	needs       atomic.Uint64       // duplicate window that the users need, in nanoseconds
	js          jetstream.JetStream // set before nc is
	group       *group              // likewise
	nc          atomic.Pointer[nats.Conn]
	lastErr     fault                      // of connecting; nil while connected
	streamErr   fault                      // of the last check; nil when fit
	bucketErr   fault                      // why large payloads would be lost; nil for nothing known
	risk        fault                      // what endangers what the stream keeps; nil for nothing known
	durability  atomic.Pointer[Durability] // never nil
	syncsAt     time.Time                  // when that was asked for; of the run goroutine
	syncsOf     string                     // the server process that answered then, likewise
	creating    atomic.Bool                // streams that are missing are about to be made
	maxMsg      atomic.Int64               // bytes that the stream takes in one message, 0 for no limit
	highest     atomic.Uint64              // sequence that it acknowledged
	short       bool                       // the stream ended before that a moment ago; of the run goroutine
	atomic      atomic.Bool                // it takes batches
	window      atomic.Int64               // its duplicate window in nanoseconds, 0 when it is not known
	servers     serverProcesses
	*Counters
	breaker atomic.Pointer[gobreaker.CircuitBreaker[*jetstream.PubAck]]

	readyMu  sync.Mutex
	readyAt  time.Time
	readyErr error
}

func start(cfg Settings, opts []nats.Option, log *slog.Logger, counters *Counters) *Conn {
	ctx, cancel := context.WithCancel(context.Background())
	c := &Conn{
		Settings: cfg, ctx: ctx, cancel: cancel, Counters: counters,
		Log:  log.With("stage", stage, "stream", cfg.Stream.Name, "servers", cfg.Servers),
		done: make(chan struct{}), dialled: make(chan struct{}), established: make(chan struct{}, 1), nudge: make(chan struct{}, 1), inspected: make(chan struct{}),
	}
	c.breaker.Store(newBreaker())
	c.durability.Store(cfg.assumedDurability())
	c.creating.Store(cfg.Stream.Ensure == EnsureCreate)
	go c.run(append(opts,
		nats.ConnectHandler(c.onConnect), nats.ReconnectHandler(c.onConnect),
		nats.DisconnectErrHandler(c.onDisconnect), nats.ReconnectErrHandler(c.onFailure),
		nats.ErrorHandler(c.onAsyncError),
	))
	return c
}

func (c *Conn) run(opts []nats.Option) {
	defer close(c.done)
	if !c.dial(opts) {
		return
	}
	nc := c.nc.Load()
	watch := time.NewTicker(watchInterval)
	defer watch.Stop()
	for fit := false; ; {
		select {
		case <-c.established:
			fit = c.inspect() == nil
		case <-c.nudge:
			if nc.IsConnected() {
				fit = c.inspect() == nil
			}
		case <-watch.C:
			if nc.IsConnected() {
				fit = fit && c.watch() == nil || c.inspect() == nil
			}
		case <-c.ctx.Done():
			c.drain(nc)
			return
		}
	}
}

// dial makes the client, which from then on reconnects by itself. It fails only
// after cancel.
func (c *Conn) dial(opts []nats.Option) bool {
	var once sync.Once
	attempted := func() { once.Do(func() { close(c.dialled) }) }
	defer attempted()
	for c.ctx.Err() == nil {
		err := c.connect(opts)
		if err == nil {
			return true
		}
		c.onFailure(nil, err)
		attempted()
		select {
		case <-time.After(reconnectHigh):
		case <-c.ctx.Done():
		}
	}
	return false
}

func (c *Conn) connect(opts []nats.Option) error {
	all := func(o *nats.Options) error {
		o.Servers = c.Settings.Servers
		return nil
	}
	nc, err := nats.Connect("", append([]nats.Option{all}, opts...)...)
	if err != nil {
		return err
	}
	if c.js, err = c.NewJetStream(nc); err != nil {
		nc.Close()
		return err
	}
	if c.group, err = newGroup(c.js, c.takesBatches); err != nil {
		nc.Close()
		return err
	}
	c.nc.Store(nc)
	return nil
}

// NewJetStream returns a client of its own on nc, which is the connection's.
func (c *Conn) NewJetStream(nc *nats.Conn, opts ...jetstream.JetStreamOpt) (jetstream.JetStream, error) {
	if c.Settings.JetStreamDomain != "" {
		return jetstream.NewWithDomain(nc, c.Settings.JetStreamDomain, opts...)
	}
	return jetstream.New(nc, opts...)
}

func (c *Conn) drain(nc *nats.Conn) {
	closed := nc.StatusChanged(nats.CLOSED)
	if err := nc.Drain(); err != nil {
		nc.Close() // nothing to drain while disconnected
	}
	for !nc.IsClosed() {
		select {
		case <-closed:
		case <-time.After(drainTimeout + time.Second):
			nc.Close()
		}
	}
	c.Log.Info("nats connection closed")
}

// Client returns the client once the first attempt to connect has ended, for
// which it waits no longer than ctx: a route's first delivery often comes while
// the connection is still being made.
func (c *Conn) Client(ctx context.Context) (jetstream.JetStream, error) {
	select {
	case <-c.dialled:
	case <-ctx.Done():
		return nil, c.down()
	}
	// A publish while disconnected fails by itself, but nats.go keeps the
	// entry of the expected answer for as long as the client lives.
	if !c.isConnected() {
		return nil, c.down()
	}
	return c.js, nil
}

// Publish publishes m, together with others that wait at the same time, and returns its
// ack. It may be called once Client has returned a client. Where ctx ends before, m may
// still be read: its memory must not be used again.
func (c *Conn) Publish(ctx context.Context, m *nats.Msg) (*jetstream.PubAck, error) {
	return c.group.publish(ctx, m)
}

// takesBatches reports whether several messages of a stream are better stored as one: the
// broker syncs them together then. Where it does not sync before its ack, a batch costs it
// more, since it writes that down by itself first.
func (c *Conn) takesBatches(stream string) bool {
	return stream == c.Settings.Stream.Name && c.atomic.Load() && c.Durability().AtRisk == nil
}

// WhileConnected ends ctx when the connection breaks: the answers that are under way
// are lost with it, and nats.go waits for them.
func (c *Conn) WhileConnected(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	nc := c.nc.Load()
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
func (c *Conn) MaxPayload(ctx context.Context) (limit int64, _ error) {
	nc := c.nc.Load()
	if nc == nil || nc.MaxPayload() <= 0 {
		js, err := c.Client(ctx)
		if err != nil {
			return 0, err
		}
		nc = js.Conn()
	}
	limit = nc.MaxPayload()
	if most := c.maxMsg.Load(); most > 0 {
		limit = min(limit, most)
	}
	return limit, nil
}

func (c *Conn) isConnected() bool {
	nc := c.nc.Load()
	return nc != nil && nc.IsConnected()
}

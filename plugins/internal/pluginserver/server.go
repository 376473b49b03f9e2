package pluginserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

const (
	// DefaultMaxFrame bounds a frame from Kong, in bytes: the largest body
	// that any provider sends (GitHub's 25 MiB) and room for its wrapping.
	DefaultMaxFrame = 32 << 20
	// phaseAccess is the only phase of Kong that the plugins run in.
	phaseAccess = "access"
	// maxInFlight bounds the deliveries that a process works on at once.
	maxInFlight = 4096
	// RespondContinue is the value of respond that lets Kong go on.
	RespondContinue = "continue"
)

// errTooMany refuses a delivery beyond maxInFlight.
var errTooMany error = &pipeline.Reject{
	Code: pipeline.Overloaded,
	Err:  fmt.Errorf("%d deliveries are under way", maxInFlight),
}

// Options are the settings of a process. The zero value of a field means its
// default.
type Options struct {
	MaxFrame    int           // bytes of the largest frame from Kong
	BodyMemory  int64         // bytes for bodies over 64 KiB, see DefaultBodyMemory
	IdleTimeout time.Duration // after which an instance without deliveries is closed
}

// Server answers Kong for the plugins of one process.
type Server struct {
	log       *slog.Logger
	metrics   *telemetry.Metrics
	now       func() time.Time
	maxFrame  int
	idle      time.Duration
	memory    *memory
	plans     map[asked]*plan
	program   Program
	builder   Builder
	instances *instances
	refusals  *refusalLog

	inFlight atomic.Int64
	draining atomic.Bool
	mu       sync.Mutex
	conns    map[*conn]struct{}
	wg       sync.WaitGroup
}

// New opens the program. The server answers once Serve is called.
func New(opts Options, env Env, program Program) (*Server, error) {
	if opts.MaxFrame == 0 {
		opts.MaxFrame = DefaultMaxFrame
	}
	if opts.BodyMemory == 0 {
		opts.BodyMemory = DefaultBodyMemory
	}
	if opts.IdleTimeout == 0 {
		opts.IdleTimeout = DefaultIdleTimeout
	}
	s := &Server{
		log: env.Logger, metrics: env.Metrics, now: env.Now, idle: opts.IdleTimeout,
		maxFrame: opts.MaxFrame, memory: newMemory(opts.BodyMemory),
		plans:   plans(),
		program: program, conns: map[*conn]struct{}{}, refusals: newRefusalLog(env.Logger),
	}
	var err error
	if s.builder, err = program.Open(env); err != nil {
		return nil, fmt.Errorf("%s: %w", program.Name, err)
	}
	s.instances = newInstances(env, func(plugin string, config []byte) (*Handler, error) {
		defer env.Cores.Borrow()()
		return s.builder.Build(plugin, config)
	})
	s.instances.watchUnusable(env)
	return s, nil
}

// Serve accepts connections until the listener is closed or its deadline has
// passed.
func (s *Server) Serve(l net.Listener) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go s.sweep(ctx)
	go s.refusals.run(ctx)
	for {
		nc, err := l.Accept()
		if errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			// Most likely out of descriptors, of which some will be released soon.
			s.log.Error("cannot accept a connection", "err", err)
			time.Sleep(50 * time.Millisecond)
			continue
		}
		s.add(nc)
	}
}

// sweep closes idle instances until ctx is done.
func (s *Server) sweep(ctx context.Context) {
	tick := time.NewTicker(s.idle/10 + time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.instances.closeIdle(s.idle)
		}
	}
}

func (s *Server) add(nc net.Conn) {
	c := &conn{srv: s, net: nc, in: wire.NewReader(yielding{nc}, s.maxFrame)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining.Load() {
		_ = nc.Close() // Kong connects to the next process
		return
	}
	s.conns[c] = struct{}{}
	s.wg.Add(1)
	go c.serve()
}

func (s *Server) forget(c *conn) {
	_ = c.net.Close()
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.wg.Done()
}

// Drain ends idle connections, waits until the deliveries under way are
// answered or ctx is done, and closes every handler. Serve must have returned
// before. It reports how many deliveries it had to abandon.
func (s *Server) Drain(ctx context.Context) (abandoned int) {
	s.mu.Lock()
	s.draining.Store(true)
	for c := range s.conns {
		if !c.callPending() && c.state.CompareAndSwap(idle, closed) {
			c.endStream()
		}
	}
	s.mu.Unlock()
	done := make(chan struct{})
	go func() { s.wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		abandoned = s.abandon()
		<-done
	}
	s.refusals.sumUp()
	s.instances.stopAll()
	s.builder.Close()
	return abandoned
}

// abandon closes every connection that is left.
func (s *Server) abandon() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.net.Close()
	}
	return len(s.conns)
}

func (s *Server) admit() bool {
	s.metrics.InFlight(1)
	return s.inFlight.Add(1) <= maxInFlight
}

func (s *Server) leave() {
	s.inFlight.Add(-1)
	s.metrics.InFlight(-1)
}

// report counts a delivery and logs it where it did not pass.
func (s *Server) report(h *Handler, d *pipeline.Delivery, out *pipeline.Outcome, took time.Duration) {
	if d.Probed() {
		s.metrics.Probe(out.Code)
	} else {
		h.sender.Delivery(d.Route, out.Code)
		if h.Answered != nil {
			h.Answered(d.Route, out.Err == nil, d.Verification != nil || out.Status >= 500)
		}
	}
	if out.Passed() {
		s.metrics.Acked(d.Ack.By, s.now().Sub(d.ReceivedAt))
	}
	if out.Err != nil {
		s.refusals.write(h.Provider, d, out, took)
	}
}

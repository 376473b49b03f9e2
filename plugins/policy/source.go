package policy

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/policy/engine"
)

// again is how long a directory that cannot be watched is left alone.
const again = time.Second

// source is the policy of one directory and one set of options, for every stage
// that has them. It follows the directory until it is stopped.
type source struct {
	key  string
	dir  string
	opts engine.Options
	pool *Pool

	current atomic.Pointer[loaded]
	failed  atomic.Pointer[time.Time] // since when the directory does not give a policy; nil while it does
	users   int                       // under the pool's lock
	stop    context.CancelFunc
	first   chan struct{} // closed when the directory was looked at for the first time
	looked  sync.Once
	done    chan struct{}
}

// loaded is one generation of a policy.
type loaded struct {
	policy     *engine.Policy
	generation uint64
	at         time.Time
}

// start follows the directory, and returns when it was looked at once.
func (s *source) start() {
	ctx, stop := context.WithCancel(context.Background())
	s.stop, s.first, s.done = stop, make(chan struct{}), make(chan struct{})
	go s.follow(ctx)
	<-s.first
}

func (s *source) follow(ctx context.Context) {
	defer close(s.done)
	for ctx.Err() == nil {
		err := engine.Watch(ctx, s.dir, func(context.Context) {
			s.load()
			s.looked.Do(func() { close(s.first) })
		})
		if err == nil {
			return
		}
		s.fail(err)
		s.looked.Do(func() { close(s.first) })
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
}

// load takes the directory as it is now. What does not compile leaves the last
// good policy in its place.
func (s *source) load() {
	policy, err := s.compile()
	if err != nil {
		s.fail(err)
		return
	}
	next := &loaded{policy: policy, generation: 1, at: s.pool.now()}
	if last := s.current.Load(); last != nil {
		next.generation = last.generation + 1
	}
	s.current.Store(next)
	if s.failed.Swap(nil) != nil || next.generation > 1 {
		s.pool.log.Info("policy loaded", slog.String("stage", name), slog.String("directory", s.dir), slog.Uint64("generation", next.generation))
	}
	s.pool.metrics.loads.ok.Inc()
}

func (s *source) compile() (*engine.Policy, error) {
	src, err := engine.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	return engine.Compile(src, s.opts)
}

// fail tells once what is wrong, until it is something else.
func (s *source) fail(err error) {
	now := s.pool.now()
	first := s.failed.CompareAndSwap(nil, &now)
	s.pool.metrics.loads.failed.Inc()
	text := "the last good policy goes on"
	if s.current.Load() == nil {
		text = "deliveries are answered with 503"
	}
	level := slog.LevelWarn
	if first {
		level = slog.LevelError
	}
	s.pool.log.Log(context.Background(), level, "policy cannot be loaded, "+text,
		slog.String("stage", name), slog.String("directory", s.dir), slog.String("err", strings.TrimSpace(err.Error())))
}

// stale is for how long the directory has not been what is asked.
func (s *source) stale(now time.Time) time.Duration {
	since := s.failed.Load()
	if since == nil {
		return 0
	}
	return max(0, now.Sub(*since))
}

// Pool holds the policies of a process: one for all stages of equal settings.
type Pool struct {
	log     *slog.Logger
	now     func() time.Time
	metrics *metrics

	mu      sync.Mutex
	sources map[string]*source
}

// acquire returns the source of cfg, which it starts where there is none.
func (p *Pool) acquire(cfg *Config) *source {
	key := strings.Join([]string{cfg.Directory, cfg.Decision, strings.Join(cfg.Headers, ","), strings.Join(cfg.Builtins, ","), time.Duration(cfg.MaxInputBytes).String()}, "\x00")
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.sources[key]
	if !ok {
		s = &source{key: key, dir: cfg.Directory, opts: cfg.options(), pool: p}
		s.start()
		p.sources[key] = s
	}
	s.users++
	return s
}

func (p *Pool) release(s *source) {
	p.mu.Lock()
	s.users--
	last := s.users == 0
	if last {
		delete(p.sources, s.key)
	}
	p.mu.Unlock()
	if last {
		s.stop()
		<-s.done
	}
}

// Ready reports that a policy was never loaded, so that its deliveries are
// refused.
func (p *Pool) Ready(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sources {
		if s.current.Load() == nil {
			return errors.Join(ErrNone, errors.New(s.dir))
		}
	}
	return nil
}

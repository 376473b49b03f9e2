package policy

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/internal/watch"
	"webhookedge/plugins/policy/engine"
)

// retryInterval is how long a source that cannot be followed is left alone.
const retryInterval = time.Second

// source is a policy, shared by all stages of equal settings. It follows changes until
// it is stopped.
type source struct {
	dir  string // "" where the policy comes with opa
	opa  string // path of an OPA configuration, "" for none
	opts engine.Options
	pool *Pool

	current atomic.Pointer[loaded]
	remote  atomic.Pointer[remote]
	entries chan entry  // of the decision log
	decides atomic.Bool // a stage does what it says; false for a candidate

	logs   sync.Mutex        // held while the remote, or what it logs by, changes
	system map[string]string // of the directory: policies about decision logs

	warnings telemetry.Throttle // that decisions could not be logged

	mu       sync.Mutex
	brokers  []*broker // of the stages, for decision logs
	unused   bool      // the only one is no stage's any more
	since    time.Time // when the first of the faults below appeared; zero while there are none
	fetching error     // of the last try to fetch
	loading  error     // of the last try to compile

	stop   context.CancelFunc
	first  chan struct{} // closed when a policy was loaded, or could not be
	looked sync.Once
	done   sync.WaitGroup
}

// loaded is one generation of a policy.
type loaded struct {
	policy     *engine.Policy
	generation uint64
	at         time.Time
	from       revisions // nil for a directory
}

// start follows the source. For a directory it returns when that was read once.
func (s *source) start() {
	ctx, stop := context.WithCancel(context.Background())
	s.stop, s.first, s.entries = stop, make(chan struct{}), make(chan entry, maxLogged)
	if s.opa != "" {
		s.done.Go(func() { s.connect(ctx) })
		s.done.Go(func() { s.ship(ctx) })
	}
	if s.dir != "" {
		s.done.Go(func() { s.follow(ctx) })
		<-s.first
	}
}

func (s *source) close() {
	s.stop()
	s.done.Wait()
}

// follow takes the directory at every change.
func (s *source) follow(ctx context.Context) {
	s.retry(ctx, func() error {
		return watch.Dir(ctx, s.dir, func(ctx context.Context) {
			s.load(ctx, func() (*engine.Source, revisions, error) {
				src, err := engine.ReadDir(s.dir)
				return src, nil, err
			})
		})
	})
}

// connect runs OPA's plugins, and takes their policies where no directory is set.
func (s *source) connect(ctx context.Context) {
	s.retry(ctx, func() error {
		r, err := openRemote(ctx, s)
		if err != nil {
			return err
		}
		defer r.close()
		if err := s.attach(ctx, r); err != nil {
			return err
		}
		defer s.detach()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-r.changed:
				if s.dir == "" {
					s.load(ctx, func() (*engine.Source, revisions, error) { return r.read(ctx) })
				}
			}
		}
	})
}

func (s *source) retry(ctx context.Context, fn func() error) {
	for ctx.Err() == nil {
		err := fn()
		if err == nil {
			return
		}
		s.fetched(err)
		select {
		case <-ctx.Done():
		case <-time.After(retryInterval):
		}
	}
}

// load compiles what read returns. On an error the last good policy stays in use.
func (s *source) load(ctx context.Context, read func() (*engine.Source, revisions, error)) {
	defer s.pool.cores.Borrow()()
	src, from, err := read()
	var policy *engine.Policy
	if err == nil {
		policy, err = engine.Compile(src, s.opts)
	}
	if err == nil && s.dir != "" {
		err = s.logBy(ctx, src.System)
	}
	if errors.Is(err, engine.ErrEmpty) && s.dir == "" && s.current.Load() == nil {
		return // OPA has not fetched anything yet
	}
	defer s.settle()
	if err == nil {
		next := &loaded{policy: policy, generation: 1, at: s.pool.now(), from: from}
		if last := s.current.Load(); last != nil {
			next.generation = last.generation + 1
		}
		s.current.Store(next)
		s.announce()
		s.pool.metrics.loads.ok.Inc()
		s.pool.log.Info("policy loaded", slog.String("stage", name), slog.String("source", s.name()), slog.Uint64("generation", next.generation))
	} else {
		s.pool.metrics.loads.failed.Inc()
	}
	s.note(&s.loading, err)
}

// announce creates the series of the rules, so that an unused one shows as zero.
func (s *source) announce() {
	if l := s.current.Load(); l != nil && s.decides.Load() {
		for _, rule := range l.policy.Rules() {
			s.pool.metrics.rule(rule)
		}
	}
}

// fetched notes the result of a fetch. A directory read again is noted by its load.
func (s *source) fetched(err error) {
	if err != nil {
		s.pool.metrics.loads.failed.Inc()
	}
	s.note(&s.fetching, err)
	if err != nil {
		s.settle()
	}
}

// settle ends the wait for the first policy: it is there, or something is wrong.
func (s *source) settle() { s.looked.Do(func() { close(s.first) }) }

// wait returns the policy in use. While OPA fetches its first one it waits for that, or
// until ctx is done; nil where there is none.
func (s *source) wait(ctx context.Context) *loaded {
	if l := s.current.Load(); l != nil {
		return l
	}
	select {
	case <-s.first:
	case <-ctx.Done():
	}
	return s.current.Load()
}

// note keeps a fault, and tells it where it is another than before.
func (s *source) note(place *error, err error) {
	s.mu.Lock()
	if err == nil && place == &s.loading && s.dir != "" {
		s.fetching = nil
	}
	before := *place
	*place = err
	switch {
	case s.fetching == nil && s.loading == nil:
		s.since = time.Time{}
	case s.since.IsZero():
		s.since = s.pool.now()
	}
	s.mu.Unlock()
	if err == nil || before != nil && before.Error() == err.Error() {
		return
	}
	text := "the last good one stays in use"
	if s.current.Load() == nil {
		text = "deliveries are refused"
	}
	s.pool.log.Error("policy cannot be loaded: "+text,
		slog.String("stage", name), slog.String("source", s.name()), slog.String("err", strings.TrimSpace(err.Error())))
}

func (s *source) name() string {
	if s.dir != "" {
		return s.dir
	}
	return s.opa
}

// stale is for how long the policy has not been what its source says.
func (s *source) stale(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		return 0
	}
	return max(0, now.Sub(s.since))
}

// join adds b for decision logs; it replaces a broker that no stage uses any more.
func (s *source) join(b *broker) {
	if b == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unused {
		s.brokers, s.unused = nil, false
	}
	if !slices.Contains(s.brokers, b) {
		s.brokers = append(s.brokers, b)
	}
}

// leave gives b up, unless it is the last.
func (s *source) leave(b *broker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.brokers) == 1 && s.brokers[0] == b {
		s.unused = true
		return
	}
	s.brokers = slices.DeleteFunc(s.brokers, func(x *broker) bool { return x == b })
}

package policy

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"webhookedge/plugins/internal/pool"
)

// unusedTTL is for how long a policy is followed that no stage asks. A stage is closed
// when its route is quiet for minutes: the last good policy, and the decisions that it
// remembers, are not to be gone on the next morning.
const unusedTTL = 24 * time.Hour

// Pool holds the policies of a process: one for all stages of equal settings.
type Pool struct {
	log     *slog.Logger
	now     func() time.Time
	metrics *metrics
	sources *pool.Pool[sourceKey, *source]
}

// sourceKey is all that makes one policy another. The lists are in quotes.
type sourceKey struct {
	directory, opaConfig, decision string
	headers, builtins              string
	maxInput                       int
	servers                        string
}

func newPool(log *slog.Logger, now func() time.Time, m *metrics) *Pool {
	// One that was never loaded has nothing to keep.
	ttl := func(s *source) time.Duration {
		if s.current.Load() == nil {
			return 0
		}
		return unusedTTL
	}
	return &Pool{log: log, now: now, metrics: m, sources: pool.New[sourceKey](ttl, (*source).close)}
}

// lease is a stage's hold on a source, with the broker that it brings along.
type lease struct {
	*pool.Lease[sourceKey, *source]
	broker *broker
}

// acquire returns a lease of the source of cfg, started where needed. b may be nil.
func (p *Pool) acquire(cfg *Config, b *broker) (*lease, error) {
	key := sourceKey{
		directory: cfg.Directory, opaConfig: cfg.OPAConfig, decision: cfg.Decision,
		headers: fmt.Sprintf("%q", cfg.Headers), builtins: fmt.Sprintf("%q", cfg.Builtins), maxInput: cfg.MaxInputBytes,
	}
	if cfg.OPAConfig != "" && b != nil {
		key.servers = b.servers
	}
	l, err := p.sources.Acquire(key, func() (*source, error) {
		s := &source{dir: cfg.Directory, opa: cfg.OPAConfig, opts: cfg.options(), pool: p}
		s.join(b)
		s.start()
		return s, nil
	})
	if err != nil {
		return nil, err
	}
	l.Value().join(b)
	return &lease{l, b}, nil
}

// release ends the lease. The last broker stays, for decisions that wait to be logged.
func (l *lease) release() {
	l.Value().leave(l.broker)
	l.Release()
}

// Close ends unused policies; those in use end with their last stage.
func (p *Pool) Close() { p.sources.Close() }

// Ready reports a policy that was never loaded: its deliveries are refused.
func (p *Pool) Ready(context.Context) error {
	for s := range p.sources.All() {
		if s.current.Load() == nil {
			return fmt.Errorf("%w: %s", ErrNone, s.name())
		}
	}
	return nil
}

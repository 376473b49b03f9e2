package policy

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"webhookedge/plugins/internal/cores"
	"webhookedge/plugins/internal/pool"
)

// unusedTTL is how long an unused policy is still followed. Stages close when their route is
// quiet for minutes, and the next one must find the last good policy.
const unusedTTL = 24 * time.Hour

// Pool holds the policies of a process: one for all stages of equal settings.
type Pool struct {
	log     *slog.Logger
	now     func() time.Time
	metrics *metrics
	sources *pool.Pool[sourceKey, *source]
	cores   *cores.Cores
}

// sourceKey is all that makes one policy another. The lists are in quotes.
type sourceKey struct {
	directory, opaConfig, decision string
	headers, builtins              string
	maxInput                       int
	servers                        string
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
		s := &source{dir: cfg.Directory, opa: cfg.OPAConfig, opts: cfg.Compiled(), pool: p}
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

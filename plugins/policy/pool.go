package policy

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// keepUnused is for how long a policy is followed that no stage asks. A stage is closed
// when its route is quiet for minutes: the last good policy, and the decisions that it
// remembers, are not to be gone on the next morning.
const keepUnused = 24 * time.Hour

// Pool holds the policies of a process: one for all stages of equal settings.
type Pool struct {
	log     *slog.Logger
	now     func() time.Time
	metrics *metrics

	mu      sync.Mutex
	sources map[sourceKey]*source
	closed  bool
}

// sourceKey is all that makes one policy another. The lists are in quotes.
type sourceKey struct {
	directory, opaConfig, decision string
	headers, builtins              string
	maxInput                       int
	servers                        string
}

// acquire returns the source of cfg, which it starts where there is none. The
// broker may be nil.
func (p *Pool) acquire(cfg *Config, b *broker) *source {
	key := sourceKey{
		directory: cfg.Directory, opaConfig: cfg.OPAConfig, decision: cfg.Decision,
		headers: fmt.Sprintf("%q", cfg.Headers), builtins: fmt.Sprintf("%q", cfg.Builtins), maxInput: cfg.MaxInputBytes,
	}
	if cfg.OPAConfig != "" && b != nil {
		key.servers = b.servers
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.sources[key]
	if !ok {
		s = &source{key: key, dir: cfg.Directory, opa: cfg.OPAConfig, opts: cfg.options(), pool: p}
	}
	if s.users == 0 {
		s.leaveAll()
	}
	s.join(b)
	if !ok {
		s.start()
		p.sources[key] = s
	}
	s.users++
	return s
}

// release gives s up. One that was never loaded has nothing to keep; any other goes on
// for a while, with the last broker, to which what it still has to log goes.
func (p *Pool) release(s *source, b *broker) {
	p.mu.Lock()
	s.users--
	if s.users > 0 {
		p.mu.Unlock()
		s.leave(b)
		return
	}
	s.unused++
	unused := s.unused
	keep := s.current.Load() != nil && !p.closed
	p.mu.Unlock()
	if keep {
		time.AfterFunc(keepUnused, func() { p.drop(s, unused) })
		return
	}
	p.drop(s, unused)
}

// drop ends s unless somebody took it up again.
func (p *Pool) drop(s *source, unused int) {
	p.mu.Lock()
	gone := s.users == 0 && s.unused == unused && p.sources[s.key] == s
	if gone {
		delete(p.sources, s.key)
	}
	p.mu.Unlock()
	if gone {
		s.close()
		s.leaveAll()
	}
}

// Close ends the policies that no stage uses. Those that are in use end with their last
// stage.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	unused := map[*source]int{}
	for _, s := range p.sources {
		if s.users == 0 {
			unused[s] = s.unused
		}
	}
	p.mu.Unlock()
	var ends sync.WaitGroup
	for s, n := range unused {
		ends.Go(func() { p.drop(s, n) })
	}
	ends.Wait()
}

// Ready reports that a policy was never loaded, so that its deliveries are
// refused.
func (p *Pool) Ready(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sources {
		if s.current.Load() == nil {
			return fmt.Errorf("%w: %s", ErrNone, s.name())
		}
	}
	return nil
}

package quarantine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"webhookedge/plugins/internal/telemetry"
)

const (
	// watchInterval is how often the streams are looked at: somebody may delete one, or
	// change it so that it drops records.
	watchInterval = time.Second
	watchTimeout  = 2 * time.Second
	// watchAge is for how long a stream is looked at that nobody uses: a keeper has no
	// end of its own.
	watchAge = 10 * time.Minute
)

// watched is a stream that is looked at, by the writer that used it last.
type watched struct {
	writer *writer
	used   time.Time
	fault  error
}

// use makes w's stream one that is looked at.
func (p *Pool) use(w *writer) {
	p.watching.Lock()
	defer p.watching.Unlock()
	one := p.watched[w.cfg.Stream]
	one.writer, one.used = w, p.now()
	p.watched[w.cfg.Stream] = one
}

// watch looks at the streams until the pool is closed.
func (p *Pool) watch() {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-p.ctx.Done():
			return
		}
		p.watching.Lock()
		all := maps.Clone(p.watched)
		p.watching.Unlock()
		for name, one := range all {
			fault := one.writer.refresh(p.ctx)
			p.watching.Lock()
			if has := p.watched[name]; p.now().Sub(has.used) > watchAge {
				delete(p.watched, name)
			} else {
				has.fault = fault
				p.watched[name] = has
			}
			p.watching.Unlock()
		}
	}
}

// refresh asks for the stream again, and returns what is wrong with it. That the broker
// does not answer is nothing that is wrong with the stream.
func (w *writer) refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	w.mu.Lock()
	w.asked = time.Time{}
	w.mu.Unlock()
	known, err := w.ready(ctx)
	if errors.Is(err, ErrNoStream) {
		return err
	}
	return errors.Join(known.fit, known.risk)
}

// Ready reports, as a telemetry.Degraded, which streams would lose what is kept:
// nothing is held back in such a stream.
func (p *Pool) Ready(context.Context) error {
	p.watching.Lock()
	defer p.watching.Unlock()
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(p.watched)) {
		faults = append(faults, p.watched[name].fault)
	}
	if err := errors.Join(faults...); err != nil {
		return &telemetry.Degraded{Err: err}
	}
	return nil
}

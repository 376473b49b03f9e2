package learner

import (
	"context"
	"errors"
	"time"

	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/bucket"
	"webhookedge/plugins/internal/telemetry"
)

// flush takes what was seen into the buckets.
func (l *Learner) flush(ctx context.Context) {
	defer l.guard()
	l.mu.Lock()
	all := make(map[string]*broker, len(l.brokers))
	sources := map[*broker][]*Source{}
	for name, b := range l.brokers {
		all[name] = b
		for s := range b.sources {
			sources[b] = append(sources[b], s)
		}
	}
	l.mu.Unlock()
	now := l.now()
	for name, b := range all {
		if len(sources[b]) > 0 {
			b.used = now
			l.flushBroker(ctx, b, sources[b], now)
		} else if now.Sub(b.used) > idleAge {
			l.mu.Lock()
			if len(b.sources) == 0 {
				delete(l.brokers, name)
				for _, e := range b.events {
					l.fields -= e.Fields()
				}
			}
			l.mu.Unlock()
		}
	}
	l.count(all)
}

// flushBroker stops at the first event that the broker cannot take, and leaves it alone for
// a while.
func (l *Learner) flushBroker(ctx context.Context, b *broker, sources []*Source, now time.Time) {
	if now.Before(b.next) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	var shapes *bucket.Bucket
	for key, e := range b.events {
		if e.Deliveries == 0 && !e.untold {
			if now.Sub(e.at) > idleAge {
				delete(b.events, key)
				l.fields -= e.Fields()
			}
			continue
		}
		var err error
		if shapes == nil {
			shapes, err = open(ctx, sources)
		}
		if err == nil {
			err = l.flushEvent(ctx, shapes, key, e, sources)
		}
		if err != nil {
			l.failed(b, err, now)
			return
		}
	}
	b.backoff = 0
}

func open(ctx context.Context, sources []*Source) (*bucket.Bucket, error) {
	js, err := sources[0].JetStream(ctx)
	if err != nil {
		return nil, err
	}
	return bucket.OpenOrCreate(ctx, js, sources[0].Stream)
}

func (l *Learner) failed(b *broker, err error, now time.Time) {
	b.backoff = min(max(2*b.backoff, flushInterval), maxBackoff)
	b.next = now.Add(b.backoff)
	l.metrics.learn.WithLabelValues(resultFailed).Inc()
	if l.throttle.Allow("bucket", now) {
		l.log.Warn("what is learnt of payloads cannot be kept; it is tried again", "bucket", bucket.Name, "err", err.Error())
	}
}

// flushEvent takes what was seen of an event into the bucket.
func (l *Learner) flushEvent(ctx context.Context, shapes *bucket.Bucket, key eventKey, e *seen, sources []*Source) error {
	now := l.now()
	var found []drift.Change
	m, err := shapes.Change(ctx, key.provider, key.name, now, false, func(m *drift.Model) bool {
		found = m.Merge(&e.Tally, now)
		for i := range m.Open {
			if c := &m.Open[i]; !c.Told && c.ReadBy == nil {
				c.ReadBy = readers(sources, key.provider, c.Path)
			}
		}
		return true
	})
	if errors.Is(err, bucket.ErrEvents) || errors.Is(err, bucket.ErrLarge) || errors.Is(err, bucket.ErrUnreadable) {
		l.fields -= e.Fields()
		*e = seen{at: e.at, refused: now}
		l.metrics.learn.WithLabelValues(resultFull).Inc()
		if l.throttle.Allow("full", now) {
			l.log.Warn("an event is not learnt", telemetry.KeyProvider, key.provider, telemetry.KeyEventType, key.name, "err", err.Error())
		}
		return nil
	}
	if err != nil {
		return err
	}
	before := e.Fields()
	e.Merged(m)
	l.fields += e.Fields() - before
	e.open = len(m.Open) + int(min(m.Unlisted, 1000))
	for _, c := range found {
		l.metrics.changes.WithLabelValues(l.label(key.provider), string(c.Kind)).Inc()
	}
	if len(found) > 0 {
		l.log.Warn("payloads have changed", telemetry.KeyProvider, key.provider, telemetry.KeyEventType, key.name, "change", string(found[0].Kind), "path", found[0].Path, "changes", len(found))
	}
	return l.tell(ctx, shapes, m, e, sources, now)
}

// tell publishes what nobody was told of yet, unless there was an event a moment ago.
func (l *Learner) tell(ctx context.Context, shapes *bucket.Bucket, m *drift.Model, e *seen, sources []*Source, now time.Time) error {
	notice := m.Untold()
	if e.untold = len(notice.Changes) > 0; !e.untold || now.Sub(m.ToldAt) < tellInterval || !l.mayTell(now) {
		return nil
	}
	if err := sources[0].Tell(ctx, notice); err != nil {
		if l.throttle.Allow("tell", now) {
			l.log.Warn("an event about a change of payloads was not stored", telemetry.KeyProvider, m.Provider, telemetry.KeyEventType, m.Event, "err", err.Error())
		}
		return nil // webhookctl drift shows it all the same; the next flush tries again
	}
	l.told = append(l.told, now)
	_, err := shapes.Change(ctx, m.Provider, m.Event, now, true, func(m *drift.Model) bool {
		m.Tell(notice, now)
		return true
	})
	e.untold = err != nil
	if errors.Is(err, bucket.ErrUnknown) { // somebody has it learnt anew
		e.untold, err = false, nil
	}
	return err
}

func (l *Learner) mayTell(now time.Time) bool {
	for len(l.told) > 0 && now.Sub(l.told[0]) > time.Hour {
		l.told = l.told[1:]
	}
	return len(l.told) < tellBurst
}

// readers asks every source of a provider what reads a field.
func readers(sources []*Source, provider, path string) []drift.Reader {
	place, ok := drift.Place(path)
	if !ok {
		return nil
	}
	all, had := []drift.Reader{}, map[drift.Reader]bool{}
	for _, s := range sources {
		if s.Provider != provider {
			continue
		}
		for _, r := range s.Readers(place) {
			if !had[r] && len(all) < drift.MaxReaders {
				all = append(all, r)
			}
			had[r] = true
		}
	}
	return all
}

// count sets the gauge of open changes.
func (l *Learner) count(all map[string]*broker) {
	open := map[string]int{}
	for _, b := range all {
		for key, e := range b.events {
			open[l.label(key.provider)] += e.open
		}
	}
	for label, n := range open {
		l.metrics.open.WithLabelValues(label).Set(float64(n))
	}
}

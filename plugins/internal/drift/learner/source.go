package learner

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/pipeline"
)

// Options say what a source is.
type Options struct {
	Provider string
	// Servers tell brokers apart.
	Servers string
	// Stream is that of the events.
	Stream string
	// JetStream returns the client that events are stored with.
	JetStream func(context.Context) (jetstream.JetStream, error)
	// Readers returns what reads a field, which is at the place of [drift.Place].
	Readers func(place []string) []drift.Reader
	// Tell publishes an event about changes.
	Tell func(context.Context, drift.Notice) error
}

// Source is a plugin configuration whose events are learnt.
type Source struct {
	Options
	learner *Learner
	broker  *broker
	// gates is replaced as a whole, so that a delivery reads it without a lock.
	gates atomic.Pointer[map[gateKey]*atomic.Int64]
	mu    sync.Mutex
}

type gateKey struct{ name, action string }

// Source returns a source. Close ends it.
func (l *Learner) Source(o Options) *Source {
	s := &Source{Options: o, learner: l}
	s.gates.Store(&map[gateKey]*atomic.Int64{})
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.brokers[o.Servers] == nil {
		l.brokers[o.Servers] = &broker{sources: map[*Source]bool{}, events: map[eventKey]*seen{}}
	}
	s.broker = l.brokers[o.Servers]
	s.broker.sources[s] = true
	l.metrics.begin(l.label(o.Provider))
	l.start.Do(func() { l.done.Go(l.run) })
	return s
}

// Close ends s, which must have no deliveries any more.
func (s *Source) Close() {
	s.learner.mu.Lock()
	defer s.learner.mu.Unlock()
	delete(s.broker.sources, s)
}

// Stored takes a sample of what was stored of a delivery. It waits for nothing, and keeps
// nothing of d.
func (s *Source) Stored(d *pipeline.Delivery) {
	switch d.Ack.By {
	case pipeline.AckBroker, pipeline.AckBrokerMemory, pipeline.AckSpool:
	default:
		return // nothing is new
	}
	left := maxItems
	for i := range d.Items {
		item := &d.Items[i]
		e := item.Event
		if e == nil || item.Drop || item.Hold != pipeline.Accepted || e.Binary || len(e.Data) == 0 {
			continue
		}
		gate := s.gate(gateKey{e.Type, e.Action})
		at := d.ReceivedAt.UnixNano()
		if gate == nil {
			continue
		}
		if next := gate.Load(); at < next || !gate.CompareAndSwap(next, at+int64(sampleInterval)) {
			continue
		}
		s.offer(e.Type, e.Action, e.Data)
		if left--; left == 0 {
			return
		}
	}
}

// gate returns when an event is learnt next, nil for one too many.
func (s *Source) gate(k gateKey) *atomic.Int64 {
	gates := *s.gates.Load()
	if g, ok := gates[k]; ok || len(gates) >= maxEvents {
		return g
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	gates = *s.gates.Load()
	if gates[k] == nil && len(gates) < maxEvents {
		more := make(map[gateKey]*atomic.Int64, len(gates)+1)
		for key, g := range gates {
			more[key] = g
		}
		more[k] = &atomic.Int64{}
		s.gates.Store(&more)
		return more[k]
	}
	return gates[k]
}

func (s *Source) offer(name, action string, data []byte) {
	l := s.learner
	if len(data) > maxPayload {
		l.metrics.learn.WithLabelValues(resultLarge).Inc()
		return
	}
	if l.waiting.Add(int64(len(data))) > maxWaiting {
		l.waiting.Add(-int64(len(data)))
		l.metrics.learn.WithLabelValues(resultDropped).Inc()
		return
	}
	if action != "" {
		name += "." + action
	}
	select {
	case l.jobs <- job{s.broker, s.Provider, name, append([]byte(nil), data...)}:
	default:
		l.waiting.Add(-int64(len(data)))
		l.metrics.learn.WithLabelValues(resultDropped).Inc()
	}
}

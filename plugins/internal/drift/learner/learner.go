// Package learner learns the shapes of what the edge stores, beside its deliveries: a
// delivery hands over a copy of its payload now and then and waits for nothing; what is
// full drops it. One goroutine a process reads the copies, on a tenth of a core at most,
// and takes what it saw into the bucket every few seconds. Without the broker it counts on
// within its bounds, and tries again.
package learner

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/telemetry"
)

// Bounds of a process.
const (
	maxPayload = 256 << 10 // bytes; larger payloads are not learnt
	maxQueue   = 64        // payloads that wait
	maxWaiting = 4 << 20   // bytes of those
	maxFields  = 100_000   // in memory, of all events, of some 250 bytes each
	maxEvents  = 256       // of a source
	maxKnown   = 4096      // events of all sources of one broker
	maxItems   = 4         // of one delivery

	// sampleInterval is the time between two payloads of an event that are learnt.
	sampleInterval = 250 * time.Millisecond
	// restFactor is how many times longer than a payload takes the learner then rests.
	restFactor = 9
	// flushInterval is how often what was seen goes into the bucket.
	flushInterval = 5 * time.Second
	// flushTimeout bounds that, for the events of one broker.
	flushTimeout = 10 * time.Second
	// maxBackoff bounds how long a broker that fails is left alone.
	maxBackoff = time.Minute
	// idleAge is how long an event without deliveries is kept in memory, and a broker
	// without sources: a reload of Kong may stop the old ones before it starts the new.
	idleAge = 30 * time.Minute
	// tellInterval is the least time between two events about changes of one kind of
	// payload, by all gateways together; tellBurst is how many a process publishes in an
	// hour.
	tellInterval = time.Minute
	tellBurst    = 60
)

// Learner learns for all sources of a process.
type Learner struct {
	log      *slog.Logger
	now      func() time.Time
	metrics  *metrics
	label    func(provider string) string
	jobs     chan job
	waiting  atomic.Int64 // bytes of jobs
	start    sync.Once
	stop     context.CancelFunc
	ctx      context.Context
	done     sync.WaitGroup
	throttle telemetry.Throttle
	interval time.Duration // flushInterval but in tests

	mu      sync.Mutex
	brokers map[string]*broker

	// Of the goroutine alone.
	fields int
	told   []time.Time // events about changes in the last hour
}

// job is a payload to learn.
type job struct {
	broker   *broker
	provider string
	event    string
	data     []byte
}

// broker is a NATS with a bucket, and what was seen of the events that it stores.
type broker struct {
	sources map[*Source]bool // with Learner.mu
	// Of the goroutine alone.
	events  map[eventKey]*seen
	next    time.Time // when it is tried again
	backoff time.Duration
	used    time.Time
}

type eventKey struct{ provider, name string }

// seen is what was seen of an event.
type seen struct {
	drift.Tally
	at      time.Time // the last payload
	untold  bool
	open    int       // changes that wait to be accepted
	refused time.Time // when the bucket had no room for it
}

// New returns a learner that does nothing until it has a source. Close ends it.
func New(log *slog.Logger, m *telemetry.Metrics, now func() time.Time) (*Learner, error) {
	own, err := newMetrics(m)
	if err != nil {
		return nil, err
	}
	l := &Learner{log: log, now: now, metrics: own, label: m.ProviderLabel, jobs: make(chan job, maxQueue), brokers: map[string]*broker{}, interval: flushInterval}
	l.ctx, l.stop = context.WithCancel(context.Background())
	return l, nil
}

// Close ends l. What it saw since it last looked into the bucket is lost.
func (l *Learner) Close() {
	l.stop()
	l.done.Wait()
}

func (l *Learner) run() {
	tick := time.NewTicker(l.interval)
	defer tick.Stop()
	for {
		select {
		case j := <-l.jobs:
			began := time.Now()
			l.learn(j)
			select {
			case <-time.After(restFactor * time.Since(began)):
			case <-l.ctx.Done():
				return
			}
		case <-tick.C:
			l.flush(l.ctx)
		case <-l.ctx.Done():
			return
		}
	}
}

// guard keeps a panic from ending the process, for which deliveries come first.
func (l *Learner) guard() {
	if p := recover(); p != nil {
		l.metrics.learn.WithLabelValues(resultFailed).Inc()
		l.log.Error("panic while shapes of payloads are learnt", "err", fmt.Sprintf("%T", p))
	}
}

func (l *Learner) learn(j job) {
	defer l.guard()
	l.waiting.Add(-int64(len(j.data)))
	now, key := l.now(), eventKey{j.provider, j.event}
	e := j.broker.events[key]
	if e == nil && len(j.broker.events) < maxKnown {
		e = &seen{}
		j.broker.events[key] = e
	}
	if e == nil || l.fields >= maxFields || now.Sub(e.refused) < idleAge {
		l.metrics.learn.WithLabelValues(resultFull).Inc()
		return
	}
	before := e.Fields()
	e.Observe(j.data)
	e.at = now
	l.fields += e.Fields() - before
	l.metrics.learn.WithLabelValues(resultLearnt).Inc()
}

package quarantine

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/streams/archive"
)

// What waits to be stored is bounded in deliveries and in bytes of their bodies.
const (
	maxQueued      = 512
	maxQueuedBytes = 32 << 20
)

// storeTimeout bounds the storing of one refused delivery.
const storeTimeout = 3 * time.Second

// Pool is the quarantine of a process: one queue, one budget, one worker.
type Pool struct {
	log     *slog.Logger
	now     func() time.Time
	records *prometheus.CounterVec
	label   func(provider string) string
	budget  *budget
	queue   chan job
	bytes   atomic.Int64 // of bodies in the queue
	ctx     context.Context
	cancel  context.CancelFunc
	done    chan struct{}

	sharing sync.Mutex
	shares  map[string]*share // by stream

	watching sync.Mutex
	watched  map[string]watched // by stream

	mu       sync.RWMutex // of closed, held for reading while a job is queued
	closed   bool
	warnings telemetry.Throttle
}

// job is a delivery on its way into the stream.
type job struct {
	keeper   *Keeper
	record   *archive.Record
	stranger bool // nothing proved who sent it
	source   source
}

// NewPool starts a pool and registers its metrics with r; label bounds the values of their
// label provider. Close ends it.
func NewPool(log *slog.Logger, now func() time.Time, r prometheus.Registerer, label func(provider string) string) (*Pool, error) {
	records, err := newRecordCounter(r)
	if err != nil {
		return nil, err
	}
	p := &Pool{
		log: log, now: now, records: records, label: label, budget: newBudget(), shares: map[string]*share{}, watched: map[string]watched{},
		queue: make(chan job, maxQueued), done: make(chan struct{}),
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	go p.run()
	go p.watch()
	return p, nil
}

// Close stores what is queued and returns when that is done, or with ctx's error
// when it takes longer; the rest is lost then. What is refused later is counted
// as queue_full.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	first := !p.closed
	p.closed = true
	p.mu.Unlock()
	if first {
		close(p.queue)
	}
	defer p.cancel()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// push queues a job unless there is no room.
func (p *Pool) push(j job) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return false
	}
	select {
	case p.queue <- j:
		return true
	default:
		return false
	}
}

// reserve takes room for the copy of a body before it is made.
func (p *Pool) reserve(n int) bool {
	if p.bytes.Add(int64(n)) > maxQueuedBytes {
		p.bytes.Add(int64(-n))
		return false
	}
	return true
}

func (p *Pool) free(n int) { p.bytes.Add(int64(-n)) }

func (p *Pool) run() {
	defer close(p.done)
	for j := range p.queue {
		size := len(j.record.Body)
		ctx, cancel := context.WithTimeout(p.ctx, storeTimeout)
		err := j.keeper.storeRefused(ctx, &j)
		cancel()
		p.free(size)
		result := resultFailed
		switch {
		case err == nil:
			result = resultStored
		case errors.Is(err, errShare):
			result = resultShare
		case errors.Is(err, errPace):
			result = resultBudget
		case errors.Is(err, ErrFull):
			result = resultFull
		}
		j.keeper.counters.count(kindRefused, result)
		if (result == resultFull || result == resultFailed) && p.warnings.Allow("", p.now()) { // once a minute
			p.log.Warn("refused deliveries are not kept", slog.String("stage", "quarantine"), slog.String("stream", j.keeper.cfg.Stream), slog.String("err", err.Error()))
		}
	}
}

// share returns what strangers have taken of a stream.
func (p *Pool) share(stream string) *share {
	p.sharing.Lock()
	defer p.sharing.Unlock()
	if p.shares[stream] == nil {
		p.shares[stream] = newShare() // streams are those of the settings, and few
	}
	return p.shares[stream]
}

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

// Package endpoint keeps, for each route, how much is used up of what makes its provider
// stop calling it, and tells of it at half and when it is spent.
package endpoint

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/spec"
)

const (
	// maxBudgets bounds the routes of a process that are watched; further ones are not.
	maxBudgets = 256
	// tellInterval is the least time between two warnings of one level and route.
	tellInterval = time.Hour
	// strangerInterval is how often a failure counts that nothing proved to be the
	// provider's: a flood of forgeries uses up no budget at once.
	strangerInterval = time.Minute
	// enough deliveries in a span for a share of them to mean anything.
	enough = 20
)

// The levels of a budget.
const (
	fine int32 = iota
	half
	spent
)

// Warning is that a budget is used up by half, or spent.
type Warning struct {
	Provider string    `json:"provider"`
	Route    string    `json:"route"`
	Level    string    `json:"level"` // "half" or "spent"
	Ratio    float64   `json:"ratio"` // of the budget that is used up
	Failures int64     `json:"failures_in_a_row"`
	Since    time.Time `json:"since"` // of the first of them
}

// Health is the budgets of a process. It is safe for concurrent use, and a
// prometheus.Collector.
type Health struct {
	log   *slog.Logger
	now   func() time.Time
	ratio *prometheus.Desc

	mu      sync.Mutex
	budgets map[key]*Budget
}

type key struct{ provider, route string }

// New returns a Health without budgets.
func New(log *slog.Logger, now func() time.Time) *Health {
	return &Health{log: log, now: now, budgets: map[key]*Budget{}, ratio: prometheus.NewDesc(
		telemetry.Namespace+"_endpoint_budget_spent_ratio",
		"Part of what makes a provider switch an endpoint off that is used up by failures, by provider and route; 1 is all of it.",
		[]string{"provider", "route"}, nil)}
}

// Budget is that of a route. Nil watches nothing.
type Budget struct {
	key
	health *Health
	cutoff spec.Cutoff

	run      atomic.Int64 // failures in a row
	since    atomic.Int64 // the first of them, in Unix nanoseconds; 0 for none
	stranger atomic.Int64 // the last one that counted and that nothing proved
	window   atomic.Int64 // begin of the span that all and failed count, where a share matters
	all      atomic.Int64
	failed   atomic.Int64
	level    atomic.Int32
	told     [spent + 1]atomic.Int64
}

// Of returns the budget of a provider's route, nil where its row says nothing in figures,
// the route is unknown, or there are too many.
func (h *Health) Of(provider, route string, c spec.Cutoff) *Budget {
	if c == (spec.Cutoff{}) || route == "" {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	k := key{provider, route}
	b, ok := h.budgets[k]
	if !ok {
		if len(h.budgets) >= maxBudgets {
			return nil
		}
		b = &Budget{key: k, health: h, cutoff: c}
		h.budgets[k] = b
	}
	return b
}

// Answered takes note of an answer: ok is one of 2xx, proved one to a delivery that is
// proved to be the provider's. It locks and allocates nothing unless there is something to
// tell, which it hands to tell on a goroutine of its own.
func (b *Budget) Answered(ok, proved bool, tell func(context.Context, Warning)) {
	if b == nil {
		return
	}
	now := b.health.now()
	if ok {
		b.count(now, false)
		if b.run.Load() != 0 {
			b.run.Store(0)
			b.since.Store(0)
		}
		if b.level.Load() != fine && b.spentBy(now) < 0.5 {
			b.level.Store(fine)
		}
		return
	}
	if !proved {
		last := b.stranger.Load()
		if now.UnixNano()-last < int64(strangerInterval) || !b.stranger.CompareAndSwap(last, now.UnixNano()) {
			return
		}
	}
	b.count(now, true)
	if since := b.since.Load(); since == 0 || b.cutoff.Failures > 0 && b.cutoff.Span > 0 && now.UnixNano()-since > int64(b.cutoff.Span) {
		b.since.Store(now.UnixNano())
		b.run.Store(0)
	}
	b.run.Add(1)
	b.warn(now, tell)
}

// count counts a delivery of the span where a share of them matters.
func (b *Budget) count(now time.Time, failed bool) {
	if b.cutoff.Percent == 0 {
		return
	}
	if begin := b.window.Load(); now.UnixNano()-begin > int64(b.cutoff.Span) && b.window.CompareAndSwap(begin, now.UnixNano()) {
		b.all.Store(0)
		b.failed.Store(0)
	}
	b.all.Add(1)
	if failed {
		b.failed.Add(1)
	}
}

// spentBy is the part of the budget that is used up, 1 for all of it or more.
func (b *Budget) spentBy(now time.Time) float64 {
	c, ratio := b.cutoff, 0.0
	switch {
	case c.Failures > 0:
		ratio = float64(b.run.Load()) / float64(c.Failures)
	case c.Percent > 0:
		if all := b.all.Load(); all >= enough && now.UnixNano()-b.window.Load() <= int64(c.Span) {
			ratio = 100 * float64(b.failed.Load()) / float64(all) / float64(c.Percent)
		}
	default:
		if since := b.since.Load(); since != 0 {
			ratio = float64(now.UnixNano()-since) / float64(c.Span)
		}
	}
	return max(0, min(1, ratio))
}

// warn tells of a level that is reached.
func (b *Budget) warn(now time.Time, tell func(context.Context, Warning)) {
	ratio, level := b.spentBy(now), fine
	switch {
	case ratio >= 1:
		level = spent
	case ratio >= 0.5:
		level = half
	}
	before := b.level.Load()
	if level <= before || !b.level.CompareAndSwap(before, level) {
		return
	}
	last := b.told[level].Load()
	if last != 0 && now.UnixNano()-last < int64(tellInterval) || !b.told[level].CompareAndSwap(last, now.UnixNano()) {
		return
	}
	w := Warning{Provider: b.provider, Route: b.route, Level: [...]string{"", "half", "spent"}[level], Ratio: ratio, Failures: b.run.Load(), Since: time.Unix(0, b.since.Load()).UTC()}
	text := "the provider may soon switch the endpoint off: half of what it allows has failed"
	if level == spent {
		text = "the provider has most likely switched the endpoint off: what it allows to fail is used up"
	}
	b.health.log.Warn(text, telemetry.KeyProvider, w.Provider, "route", w.Route, "ratio", w.Ratio, "failures_in_a_row", w.Failures, "since", w.Since)
	if tell != nil {
		go func() {
			defer func() { _ = recover() }() // it is told in the log, and must not end the process
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			tell(ctx, w)
		}()
	}
}

// Describe implements prometheus.Collector.
func (h *Health) Describe(out chan<- *prometheus.Desc) { out <- h.ratio }

// Collect implements prometheus.Collector.
func (h *Health) Collect(out chan<- prometheus.Metric) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	for k, b := range h.budgets {
		out <- prometheus.MustNewConstMetric(h.ratio, prometheus.GaugeValue, b.spentBy(now), k.provider, k.route)
	}
}

var _ prometheus.Collector = (*Health)(nil)

package policy

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/cores"
	"webhookedge/plugins/internal/pool"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/policy/engine"
)

// maxRules bounds the values of the label rule: they come from the policy.
const maxRules = 200

type metrics struct {
	decisions *prometheus.CounterVec
	rules     *prometheus.CounterVec
	labels    *prometheus.CounterVec
	compared  *prometheus.CounterVec
	loads     struct{ ok, failed prometheus.Counter }
	logged    struct{ ok, lost prometheus.Counter }
	age       *prometheus.Desc
	stale     *prometheus.Desc
	loaded    *prometheus.Desc
	label     func(provider string) string

	mu    sync.Mutex
	named map[string]bool // values of the label rule
}

// NewPool returns an empty pool whose metrics are registered with r, once a registry; label
// bounds the values of their label provider. It borrows all of c, which may be nil, to load
// a policy.
func NewPool(log *slog.Logger, now func() time.Time, r prometheus.Registerer, label func(provider string) string, c *cores.Cores) (*Pool, error) {
	opts := func(metric, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "webhook_edge", Subsystem: name, Name: metric, Help: help}
	}
	gauge := func(metric, help string) *prometheus.Desc {
		return prometheus.NewDesc("webhook_edge_policy_"+metric, help, []string{"source"}, nil)
	}
	m := &metrics{
		label:     label,
		decisions: prometheus.NewCounterVec(opts("decisions_total", "Events by provider, mode of the policy and what it decided."), []string{"provider", "mode", "outcome"}),
		rules:     prometheus.NewCounterVec(opts("rules_total", "Decisions by the rule that they name."), []string{"rule"}),
		labels:    prometheus.NewCounterVec(opts("labels_total", "Labels of decisions; what is not configured counts as other."), []string{"label", "value"}),
		age:       gauge("age_seconds", "Time since the policy in use was loaded, in seconds."),
		stale:     gauge("stale_seconds", "Time for which the source has given no policy, in seconds; 0 while it does."),
		loaded:    gauge("generation", "How often a policy of the source was loaded; 0 where none ever was."),
		named:     map[string]bool{},
	}
	loads := prometheus.NewCounterVec(opts("loads_total", "Policies that were loaded, or could not be."), []string{"result"})
	m.loads.ok, m.loads.failed = loads.WithLabelValues("ok"), loads.WithLabelValues("failed")
	m.compared = prometheus.NewCounterVec(opts("candidate_total", "Events that the candidate was asked about, by provider and how its decision compares."), []string{"provider", "result"})
	logged := prometheus.NewCounterVec(opts("logged_total", "Decisions that were given to OPA's decision log, or lost on the way."), []string{"result"})
	m.logged.ok, m.logged.lost = logged.WithLabelValues("ok"), logged.WithLabelValues("lost")
	m.rules.WithLabelValues(telemetry.Other)
	m.labels.WithLabelValues(telemetry.Other, telemetry.Other)
	// One that was never loaded has nothing to keep.
	ttl := func(s *source) time.Duration {
		if s.current.Load() == nil {
			return 0
		}
		return unusedTTL
	}
	p := &Pool{cores: c, log: log, now: now, metrics: m, sources: pool.New[sourceKey](ttl, (*source).close)}
	for _, c := range []prometheus.Collector{m.decisions, m.rules, m.labels, loads, logged, m.compared, ages{p}} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("policy metrics: %w", err)
		}
	}
	return p, nil
}

// counters are one provider's, for each value of the last label, present from the start.
func counters(vec *prometheus.CounterVec, provider string, values []string, labels ...string) map[string]prometheus.Counter {
	all := map[string]prometheus.Counter{}
	for _, value := range values {
		all[value] = vec.WithLabelValues(slices.Concat([]string{provider}, labels, []string{value})...)
	}
	return all
}

func (m *metrics) outcomes(provider, mode string) map[string]prometheus.Counter {
	return counters(m.decisions, m.label(provider), []string{engine.Published, engine.Refused, engine.Quarantined, engine.Failed}, mode)
}

func (m *metrics) candidate(provider string) map[string]prometheus.Counter {
	return counters(m.compared, m.label(provider), []string{candidateSame, candidateDifferent, engine.Failed, candidateLost})
}

// rule is the counter of decisions by a rule. The first names get series of their own.
func (m *metrics) rule(name string) prometheus.Counter {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.named[name] && len(m.named) >= maxRules {
		return m.rules.WithLabelValues(telemetry.Other)
	}
	m.named[name] = true
	return m.rules.WithLabelValues(name)
}

// ages are the metrics computed on request, one series for each source in use.
type ages struct{ pool *Pool }

// Describe implements prometheus.Collector.
func (a ages) Describe(ch chan<- *prometheus.Desc) {
	ch <- a.pool.metrics.age
	ch <- a.pool.metrics.stale
	ch <- a.pool.metrics.loaded
}

// Collect implements prometheus.Collector. Of several policies from one source it shows the oldest.
func (a ages) Collect(ch chan<- prometheus.Metric) {
	type state struct {
		age, stale time.Duration
		generation uint64
	}
	now, all := a.pool.now(), map[string]state{}
	for s, users := range a.pool.sources.All() {
		if users == 0 {
			continue
		}
		next := state{stale: s.stale(now)}
		if l := s.current.Load(); l != nil {
			next.age, next.generation = now.Sub(l.at), l.generation
		}
		if other, ok := all[s.name()]; ok {
			next = state{max(next.age, other.age), max(next.stale, other.stale), min(next.generation, other.generation)}
		}
		all[s.name()] = next
	}
	for source, x := range all {
		ch <- prometheus.MustNewConstMetric(a.pool.metrics.age, prometheus.GaugeValue, x.age.Seconds(), source)
		ch <- prometheus.MustNewConstMetric(a.pool.metrics.stale, prometheus.GaugeValue, x.stale.Seconds(), source)
		ch <- prometheus.MustNewConstMetric(a.pool.metrics.loaded, prometheus.GaugeValue, float64(x.generation), source)
	}
}

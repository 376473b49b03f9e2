package verify

import (
	"errors"
	"fmt"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/provider"
)

// result is what came of a verification; the strings are the metric's labels.
type result struct {
	label string
	err   error
}

// results is the closed set. The last stands for any other error.
func results() []result {
	return []result{
		{"ok", nil},
		{"missing", provider.ErrMissing},
		{"repeated", provider.ErrRepeated},
		{"malformed", provider.ErrMalformed},
		{"downgrade", provider.ErrDowngrade},
		{"mismatch", provider.ErrMismatch},
		{"stale", provider.ErrStale},
		{"future", provider.ErrFuture},
		{"no_key", provider.ErrKeyDocument},
		{"sealed", provider.ErrSealed},
		{"other", nil},
	}
}

// maxSecretSeries bounds the series by secret id of a process: ids come from
// settings, and a setting may be generated.
const maxSecretSeries = 1024

// Metrics counts verifications of all stages of a process.
type Metrics struct {
	verifications *prometheus.CounterVec
	matches       *prometheus.CounterVec
	label         func(provider string) string

	mu   sync.Mutex
	seen map[[2]string]bool // provider and secret of the series that are there
}

// NewMetrics registers the metrics with r. There is one Metrics a registry. label bounds
// the values of the label provider.
func NewMetrics(r prometheus.Registerer, label func(provider string) string) (*Metrics, error) {
	m := &Metrics{
		label: label,
		verifications: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "webhook_edge", Subsystem: "verify", Name: "verifications_total",
			Help: "Verifications of deliveries by provider and result.",
		}, []string{"provider", "result"}),
		matches: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "webhook_edge", Subsystem: "verify", Name: "secret_matches_total",
			Help: "Deliveries that a secret proved, by provider and the secret's id: one that stays at its value is used no more.",
		}, []string{"provider", "secret"}),
		seen: map[[2]string]bool{},
	}
	if err := errors.Join(r.Register(m.verifications), r.Register(m.matches)); err != nil {
		return nil, fmt.Errorf("verify metrics: %w", err)
	}
	return m, nil
}

// of returns the counters of one provider. All of its series are there from
// then on, so that a rate sees the first refusal.
func (m *Metrics) of(name string, secrets []string) *counters {
	if m == nil {
		return nil
	}
	name = m.label(name)
	c := &counters{results: results(), secrets: map[string]prometheus.Counter{}}
	for _, r := range c.results {
		c.counters = append(c.counters, m.verifications.WithLabelValues(name, r.label))
	}
	for _, id := range secrets {
		c.secrets[id] = m.secret(name, id)
	}
	return c
}

// secret returns the counter of one secret.
func (m *Metrics) secret(provider, id string) prometheus.Counter {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := [2]string{provider, id}
	if !m.seen[k] && len(m.seen) >= maxSecretSeries {
		return m.matches.WithLabelValues("other", "other")
	}
	m.seen[k] = true
	return m.matches.WithLabelValues(provider, id)
}

type counters struct {
	results  []result
	counters []prometheus.Counter
	secrets  map[string]prometheus.Counter // by id
}

func (c *counters) count(secret string, err error) {
	if c == nil {
		return
	}
	if err == nil {
		c.counters[0].Inc()
		if matched, ok := c.secrets[secret]; ok {
			matched.Inc()
		}
		return
	}
	last := len(c.results) - 1
	for i := 1; i < last; i++ {
		if errors.Is(err, c.results[i].err) {
			c.counters[i].Inc()
			return
		}
	}
	c.counters[last].Inc()
}

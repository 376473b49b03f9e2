package verify

import (
	"errors"
	"fmt"

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
		{"other", nil},
	}
}

// Metrics counts verifications of all stages of a process.
type Metrics struct {
	verifications *prometheus.CounterVec
}

// NewMetrics registers the metrics with r. There is one Metrics a registry.
func NewMetrics(r prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{verifications: prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: "webhook_edge", Subsystem: "verify", Name: "verifications_total",
		Help: "Verifications of deliveries by provider and result.",
	}, []string{"provider", "result"})}
	if err := r.Register(m.verifications); err != nil {
		return nil, fmt.Errorf("verify metrics: %w", err)
	}
	return m, nil
}

// of returns the counters of one provider. All of its series are there from
// then on, so that a rate sees the first refusal. A provider of a user's own
// counts as "other": its name comes from a setting.
func (m *Metrics) of(name string) *counters {
	if m == nil {
		return nil
	}
	if _, ok := provider.Lookup(name); !ok {
		name = "other"
	}
	c := &counters{results: results()}
	for _, r := range c.results {
		c.counters = append(c.counters, m.verifications.WithLabelValues(name, r.label))
	}
	return c
}

type counters struct {
	results  []result
	counters []prometheus.Counter
}

func (c *counters) count(err error) {
	if c == nil {
		return
	}
	if err == nil {
		c.counters[0].Inc()
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

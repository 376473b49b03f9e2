package normalize

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// idleAge is how long a redaction may lead to nothing before a metric says so.
const idleAge = 24 * time.Hour

// Metrics counts for all stages of a process.
type Metrics struct {
	now     func() time.Time
	invalid *prometheus.CounterVec
	reloads *prometheus.CounterVec
	idle    *prometheus.Desc
	label   func(provider string) string

	mu    sync.Mutex
	paths map[*paths]bool
}

// NewMetrics registers the metrics with r. There is one Metrics a registry. label bounds
// the values of the label provider.
func NewMetrics(r prometheus.Registerer, label func(provider string) string, now func() time.Time) (*Metrics, error) {
	m := &Metrics{
		now: now, label: label,
		invalid: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "webhook_edge", Subsystem: "normalize", Name: "invalid_total",
			Help: "Events whose payload does not match its schema, by provider and what followed.",
		}, []string{"provider", "action"}),
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "webhook_edge", Subsystem: "normalize", Name: "schema_reloads_total",
			Help: "Changes of directories of schemas by whether they could be taken over.",
		}, []string{"result"}),
		idle: prometheus.NewDesc("webhook_edge_normalize_redact_idle",
			"1 for a path of a redaction that has led to nothing for a day, else 0, by provider and path.", []string{"provider", "path"}, nil),
		paths: map[*paths]bool{},
	}
	for _, result := range []bool{true, false} {
		m.reloads.WithLabelValues(reloadLabel(result))
	}
	for _, c := range []prometheus.Collector{m.invalid, m.reloads, m} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("normalize metrics: %w", err)
		}
	}
	return m, nil
}

// Reloaded counts a change of a directory of schemas.
func (m *Metrics) Reloaded(ok bool) { m.reloads.WithLabelValues(reloadLabel(ok)).Inc() }

func reloadLabel(ok bool) string {
	if ok {
		return "ok"
	}
	return "failed"
}

// invalidOf returns the counter of a stage, with its series there from then on.
func (m *Metrics) invalidOf(provider, action string) prometheus.Counter {
	if m == nil {
		return nil
	}
	return m.invalid.WithLabelValues(m.label(provider), action)
}

// paths remembers when each path of a stage last led to a value. The paths are
// those of a configuration, which bounds the metric's labels.
type paths struct {
	provider string
	names    []string
	last     []atomic.Int64 // Unix seconds; where nothing was found yet, when the stage was made
}

func newPaths(name string, rules []RedactConfig) *paths {
	p := &paths{provider: name, last: make([]atomic.Int64, len(rules))}
	for _, r := range rules {
		p.names = append(p.names, r.Path)
	}
	return p
}

// watch begins to report p.
func (m *Metrics) watch(p *paths) {
	if m == nil || p == nil {
		return
	}
	for i := range p.last {
		p.last[i].Store(m.now().Unix())
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.paths[p] = true
}

// forget ends what watch began.
func (m *Metrics) forget(p *paths) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.paths, p)
}

func (p *paths) saw(hit []bool, at time.Time) {
	for i, found := range hit {
		if found {
			p.last[i].Store(at.Unix())
		}
	}
}

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(descs chan<- *prometheus.Desc) { descs <- m.idle }

// Collect implements prometheus.Collector. Stages of one provider with one path
// are one series: it is idle only where it is so for all of them.
func (m *Metrics) Collect(metrics chan<- prometheus.Metric) {
	type series struct{ provider, path string }
	last := map[series]int64{}
	m.mu.Lock()
	for p := range m.paths {
		for i, name := range p.names {
			key := series{m.label(p.provider), name}
			last[key] = max(last[key], p.last[i].Load())
		}
	}
	m.mu.Unlock()
	now := m.now()
	for key, at := range last {
		value := 0.0
		if now.Sub(time.Unix(at, 0)) > idleAge {
			value = 1
		}
		metrics <- prometheus.MustNewConstMetric(m.idle, prometheus.GaugeValue, value, key.provider, key.path)
	}
}

var _ prometheus.Collector = (*Metrics)(nil)

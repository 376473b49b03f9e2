package ipallow

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
)

const subsystem = "ipallow"

// The results of a check.
const (
	resultAllowed   = "allowed"
	resultDenied    = "denied"
	resultNotListed = "not_listed"
	resultUnknown   = "unknown"
)

// The results of a refresh.
const (
	refreshUpdated   = "updated"
	refreshUnchanged = "unchanged"
	refreshFailed    = "failed"
	refreshRefused   = "refused"
)

// Metrics counts what the stages and lists of a process do.
type Metrics struct {
	checks    *prometheus.CounterVec
	suspected *prometheus.CounterVec
	refreshes *prometheus.CounterVec
	ages      *ages
	names     []string // of all lists in the catalogue
	label     func(provider string) string

	mu    sync.Mutex
	stale map[string]*staleness
}

// publishedLists are the names of the address lists of the catalogue. Every row is
// compiled for them, so that is done once.
var publishedLists = sync.OnceValue(func() (names []string) {
	for _, row := range catalogue.All() {
		for _, list := range row.Ranges {
			if !slices.Contains(names, list.Name) {
				names = append(names, list.Name)
			}
		}
	}
	return names
})

// NewMetrics registers the metrics with r. There is one Metrics a registry. label bounds
// the values of the label provider.
func NewMetrics(r prometheus.Registerer, label func(provider string) string) (*Metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: telemetry.Namespace, Subsystem: subsystem, Name: name, Help: help}, labels)
	}
	m := &Metrics{
		checks:    counter("checks_total", "Client addresses that were checked, by provider, mode and result.", "provider", "mode", "result"),
		suspected: counter("stale_range_suspected_total", "Deliveries that were proved to come from a provider and whose address is not on its published list.", "provider"),
		refreshes: counter("refreshes_total", "Fetches of published address lists, by list and result.", "list", "result"),
		stale:     map[string]*staleness{},
		label:     label,
	}
	m.ages = newAges(m.listLabel)
	m.names = publishedLists()
	for _, c := range []prometheus.Collector{m.checks, m.suspected, m.refreshes, m.ages} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("ipallow metrics: %w", err)
		}
	}
	return m, nil
}

// inUse has the series of a list there before it is fetched.
func (m *Metrics) inUse(list string) {
	for _, result := range []string{refreshUpdated, refreshUnchanged, refreshFailed, refreshRefused} {
		m.refreshes.WithLabelValues(m.listLabel(list), result)
	}
}

func (m *Metrics) listLabel(name string) string {
	if !slices.Contains(m.names, name) {
		return telemetry.Other
	}
	return name
}

func (m *Metrics) refreshed(list, result string) {
	m.refreshes.WithLabelValues(m.listLabel(list), result).Inc()
}

func (m *Metrics) staleness(name string) *staleness {
	name = m.label(name)
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.stale[name]
	if !ok {
		s = &staleness{suspected: m.suspected.WithLabelValues(name)}
		m.stale[name] = s
	}
	return s
}

// counters are the results of one provider and mode, all present from the start.
type counters map[string]prometheus.Counter

func (m *Metrics) counters(provider, mode string) counters {
	c := counters{}
	for _, result := range []string{resultAllowed, resultDenied, resultNotListed, resultUnknown} {
		c[result] = m.checks.WithLabelValues(m.label(provider), mode, result)
	}
	return c
}

func (c counters) count(err error) {
	switch {
	case err == nil:
		c[resultAllowed].Inc()
	case errors.Is(err, ErrDenied):
		c[resultDenied].Inc()
	case errors.Is(err, ErrUnknown):
		c[resultUnknown].Inc()
	default:
		c[resultNotListed].Inc()
	}
}

// ages is a collector of the size and age of the lists that are in use.
type ages struct {
	prefixes, age *prometheus.Desc
	label         func(list string) string
	shown         atomic.Pointer[Lists]
}

func newAges(label func(string) string) *ages {
	name := func(what string) string { return prometheus.BuildFQName(telemetry.Namespace, subsystem, what) }
	return &ages{
		prefixes: prometheus.NewDesc(name("list_prefixes"), "Networks on a published list that is in use.", []string{"list"}, nil),
		age:      prometheus.NewDesc(name("list_age_seconds"), "Time since the publisher last confirmed a list that is in use, in seconds.", []string{"list"}, nil),
		label:    label,
	}
}

// Describe implements prometheus.Collector.
func (a *ages) Describe(out chan<- *prometheus.Desc) {
	out <- a.prefixes
	out <- a.age
}

// Collect implements prometheus.Collector. Of a list refreshed in two ways it shows the older.
func (a *ages) Collect(out chan<- prometheus.Metric) {
	shown := a.shown.Load()
	if shown == nil {
		return
	}
	oldest := map[string]*state{}
	for _, one := range shown.used() {
		name, s := a.label(one.row.Name), one.state.Load()
		if known, ok := oldest[name]; !ok || s.at.Before(known.at) {
			oldest[name] = s
		}
	}
	for name, s := range oldest {
		age := max(shown.now().Sub(s.at), 0)
		if s.at.IsZero() {
			age = time.Duration(1<<63 - 1) // never confirmed
		}
		out <- prometheus.MustNewConstMetric(a.prefixes, prometheus.GaugeValue, float64(len(s.prefixes)), name)
		out <- prometheus.MustNewConstMetric(a.age, prometheus.GaugeValue, age.Seconds(), name)
	}
}

var _ prometheus.Collector = (*ages)(nil)

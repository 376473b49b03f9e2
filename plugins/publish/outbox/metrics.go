package outbox

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/journal"
)

// The values of the label "state" of journals.
const (
	journalOpen   = "open"   // it takes events
	journalFull   = "full"   // in bytes, or its oldest event is too old
	journalFailed = "failed" // its directory cannot be used
)

// Metrics are the gauges of all journals of a process together.
type Metrics struct {
	set                                           *Set
	journals, events, held, parked, bytes, oldest *prometheus.Desc
}

// NewMetrics returns the gauges of the outboxes of set, with names from fqName.
func NewMetrics(set *Set, fqName func(string) string) *Metrics {
	desc := func(what, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(fqName(what), help, labels, nil)
	}
	return &Metrics{
		set:      set,
		journals: desc("journals", "Journals by state: open, full (too many bytes, or its oldest event is too old) and failed (its directory cannot be used).", "state"),
		events:   desc("journal_events", "Events in journals that wait for the broker."),
		held:     desc("journal_held_events", "Events that the broker has and could still lose."),
		parked:   desc("journal_parked_events", "Events in journals that the broker does not take as they are; they are tried again every ten minutes."),
		bytes:    desc("journal_bytes", "Bytes that journals take."),
		oldest:   desc("journal_oldest_seconds", "Age of the oldest event that waits in a journal."),
	}
}

// Collect sends every gauge, for a prometheus.Collector.
func (s *Metrics) Collect(out chan<- prometheus.Metric) {
	states := map[string]int{journalOpen: 0, journalFull: 0, journalFailed: 0}
	var sum journal.Stats
	for _, d := range s.set.all() {
		states[d.state()]++
		for _, one := range append(d.leftovers(), d.own) {
			stats := one.Stats()
			sum.Depth += stats.Depth
			sum.Held += stats.Held
			sum.Parked += stats.Parked
			sum.Bytes += stats.Bytes
			sum.Oldest = max(sum.Oldest, stats.Oldest)
		}
	}
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	for state, n := range states {
		gauge(s.journals, float64(n), state)
	}
	gauge(s.events, float64(sum.Depth))
	gauge(s.held, float64(sum.Held))
	gauge(s.parked, float64(sum.Parked))
	gauge(s.bytes, float64(sum.Bytes))
	gauge(s.oldest, sum.Oldest.Seconds())
}

func (d *Outbox) state() string {
	err := d.own.Ready()
	switch {
	case err == nil:
		return journalOpen
	case errors.Is(err, journal.ErrFull):
		return journalFull
	default:
		return journalFailed
	}
}

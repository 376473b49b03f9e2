package publish

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/spool"
)

// The values of the label "state" of spools.
const (
	spoolOpen   = "open"   // it takes events
	spoolFull   = "full"   // in bytes, or its oldest event is too old
	spoolFailed = "failed" // its directory cannot be used
)

// spoolDescs are the gauges of all spools of a process together.
type spoolDescs struct {
	spools, events, parked, bytes, oldest *prometheus.Desc
}

func newSpoolDescs(fqName func(string) string) spoolDescs {
	desc := func(what, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(fqName(what), help, labels, nil)
	}
	return spoolDescs{
		spools: desc("spools", "Spools by state: open, full (too many bytes, or its oldest event is too old) and failed (its directory cannot be used).", "state"),
		events: desc("spool_events", "Events in spools that wait for the broker."),
		parked: desc("spool_parked_events", "Events in spools that the broker does not take as they are; they are tried again every ten minutes."),
		bytes:  desc("spool_bytes", "Bytes that spools take."),
		oldest: desc("spool_oldest_seconds", "Age of the oldest event that waits in a spool."),
	}
}

func (s *spoolDescs) describe(out chan<- *prometheus.Desc) {
	for _, desc := range [...]*prometheus.Desc{s.spools, s.events, s.parked, s.bytes, s.oldest} {
		out <- desc
	}
}

func (s *spoolDescs) collect(out chan<- prometheus.Metric, depots []*depot) {
	states := map[string]int{spoolOpen: 0, spoolFull: 0, spoolFailed: 0}
	var sum spool.Stats
	for _, d := range depots {
		states[d.state()]++
		for _, one := range append(d.leftovers(), d.own) {
			stats := one.Stats()
			sum.Depth += stats.Depth
			sum.Parked += stats.Parked
			sum.Bytes += stats.Bytes
			sum.Oldest = max(sum.Oldest, stats.Oldest)
		}
	}
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	for state, n := range states {
		gauge(s.spools, float64(n), state)
	}
	gauge(s.events, float64(sum.Depth))
	gauge(s.parked, float64(sum.Parked))
	gauge(s.bytes, float64(sum.Bytes))
	gauge(s.oldest, sum.Oldest.Seconds())
}

func (d *depot) state() string {
	err := d.own.Ready()
	switch {
	case err == nil:
		return spoolOpen
	case errors.Is(err, spool.ErrFull):
		return spoolFull
	default:
		return spoolFailed
	}
}

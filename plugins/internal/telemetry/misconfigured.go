package telemetry

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// misconfigured counts the running configs that cannot be used.
type misconfigured struct {
	prometheus.Collector
	count atomic.Pointer[func() int]
}

func newMisconfigured() *misconfigured {
	m := &misconfigured{}
	m.Collector = prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: Namespace, Name: "misconfigured_routes",
		Help: "Routes whose config cannot be used, so that every delivery of theirs is refused; /readyz names them and the cause.",
	}, func() float64 {
		if count := m.count.Load(); count != nil {
			return float64((*count)())
		}
		return 0
	})
	return m
}

// CountMisconfigured makes count the number of routes whose config cannot be used. It is
// called at each scrape.
func (m *Metrics) CountMisconfigured(count func() int) { m.misconfigured.count.Store(&count) }

package learner

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/telemetry"
)

// The values of the label result.
const (
	resultLearnt  = "learnt"
	resultDropped = "dropped"   // the queue was full
	resultLarge   = "too_large" // more than maxPayload
	resultFull    = "full"      // too many fields or events
	resultFailed  = "failed"    // the bucket could not be read or changed
)

type metrics struct {
	changes *prometheus.CounterVec
	open    *prometheus.GaugeVec
	learn   *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: telemetry.Namespace, Subsystem: "normalize", Name: name, Help: help}, labels)
	}
	m := &metrics{
		changes: counter("drift_total", "Changes of the shape of payloads, by provider and kind.", "provider", "change"),
		learn:   counter("learn_total", "Payloads whose shape was to be learnt, by what became of them.", "result"),
		open: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: telemetry.Namespace, Subsystem: "normalize", Name: "drift_open",
			Help: "Changes of the shape of payloads that nobody has accepted, of the events that this process has seen, by provider.",
		}, []string{"provider"}),
	}
	for _, result := range []string{resultLearnt, resultDropped, resultLarge, resultFull, resultFailed} {
		m.learn.WithLabelValues(result)
	}
	for _, c := range []prometheus.Collector{m.changes, m.open, m.learn} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("metrics of what is learnt: %w", err)
		}
	}
	return m, nil
}

// begin makes the series of a provider.
func (m *metrics) begin(provider string) {
	m.open.WithLabelValues(provider)
	for _, kind := range drift.Kinds() {
		m.changes.WithLabelValues(provider, string(kind))
	}
}

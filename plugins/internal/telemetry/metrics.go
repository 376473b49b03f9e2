package telemetry

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"webhookedge/plugins/internal/pipeline"
)

// Namespace is the first part of every metric's name; the second is the stage.
const Namespace = "webhook_edge"

// Other is the label value for what is outside a closed set.
const Other = "other"

// ErrLabel says that a set of label values cannot be one.
var ErrLabel = errors.New("invalid set of label values")

// Metrics are the numbers of one process, in a registry of their own in which stages
// register theirs. They are safe for concurrent use.
type Metrics struct {
	*prometheus.Registry
	inFlight prometheus.Gauge
	// Counters are found by the label's text and the code's number, so that
	// counting looks up no labels and allocates nothing.
	deliveries map[string][]prometheus.Counter
	other      []prometheus.Counter
	stages     map[string]prometheus.Observer
	otherStage prometheus.Observer
	// droppedLines are those of the log, see LogQueue.
	droppedLines prometheus.Counter

	misconfigured *misconfigured
}

// stageBuckets are in seconds: from the cost of one HMAC over a small body to the
// deadline of a slow publish.
func stageBuckets() []float64 {
	return []float64{50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 250e-3, 500e-3, 1, 2.5, 5}
}

// NewMetrics returns metrics whose label values are the given ones, the codes of
// the pipeline and Other. Every series is there from the start, at zero. An
// empty or repeated value is an ErrLabel.
func NewMetrics(version string, providers, stages []string) (*Metrics, error) {
	if err := errors.Join(closedSet("provider", providers), closedSet("stage", stages)); err != nil {
		return nil, err
	}
	m := &Metrics{
		Registry: prometheus.NewRegistry(), misconfigured: newMisconfigured(),
		deliveries: make(map[string][]prometheus.Counter, len(providers)),
		stages:     make(map[string]prometheus.Observer, len(stages)),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: Namespace, Name: "in_flight", Help: "Deliveries that are being handled now.",
		}),
		droppedLines: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: Namespace, Name: "log_lines_dropped_total", Help: "Log lines that were dropped because whoever reads stderr did not keep up.",
		}),
	}
	deliveries := prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace, Name: "deliveries_total", Help: "Deliveries that were answered, by provider and by how they ended.",
	}, []string{"provider", "code"})
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: Namespace, Name: "stage_seconds", Help: "Time that a delivery spent in a stage, in seconds.", Buckets: stageBuckets(),
	}, []string{"stage"})
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: Namespace, Name: "build_info", Help: "Always 1; its label is the version of the program.",
		ConstLabels: prometheus.Labels{"version": version},
	})
	info.Set(1)
	for _, c := range []prometheus.Collector{
		m.inFlight, m.droppedLines, m.misconfigured, deliveries, seconds, info,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := m.Register(c); err != nil {
			return nil, fmt.Errorf("register a metric: %w", err)
		}
	}
	m.resolve(deliveries, seconds, providers, stages)
	return m, nil
}

func closedSet(label string, values []string) error {
	for i, v := range values {
		if v == "" || v == Other || slices.Contains(values[:i], v) {
			return fmt.Errorf("%w: %s: %q is empty, reserved or given twice", ErrLabel, label, v)
		}
	}
	return nil
}

// resolve finds every series once, which creates it at zero.
func (m *Metrics) resolve(deliveries *prometheus.CounterVec, seconds *prometheus.HistogramVec, providers, stages []string) {
	row := func(provider string) []prometheus.Counter {
		codes := pipeline.Codes()
		counters := make([]prometheus.Counter, len(codes))
		for _, code := range codes {
			counters[code.Code] = deliveries.WithLabelValues(provider, code.Label)
		}
		return counters
	}
	for _, p := range providers {
		m.deliveries[p] = row(p)
	}
	m.other = row(Other)
	for _, s := range stages {
		m.stages[s] = seconds.WithLabelValues(s)
	}
	m.otherStage = seconds.WithLabelValues(Other)
}

// Delivery counts one answered delivery.
func (m *Metrics) Delivery(provider string, code pipeline.Code) {
	counters, ok := m.deliveries[provider]
	if !ok {
		counters = m.other
	}
	counters[code.Info().Code].Inc() // Info maps a code outside the set to one in it
}

// StageDone implements pipeline.Observer.
func (m *Metrics) StageDone(stage string, took time.Duration) {
	o, ok := m.stages[stage]
	if !ok {
		o = m.otherStage
	}
	o.Observe(took.Seconds())
}

// InFlight adds delta to the number of deliveries that are being handled.
func (m *Metrics) InFlight(delta int) { m.inFlight.Add(float64(delta)) }

var _ pipeline.Observer = (*Metrics)(nil)

package telemetry

import (
	"errors"
	"fmt"
	"regexp"
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
	inFlight   prometheus.Gauge
	deliveries *prometheus.CounterVec
	probes     struct{ stored, failed prometheus.Counter }
	names      *names // of providers and routes
	// Series of the fast path are found by the label's text, so that observing looks
	// up no labels and allocates nothing.
	acks       map[string]prometheus.Observer
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

// ackBuckets are in seconds: from a sync of a fast disk to the time that senders wait.
func ackBuckets() []float64 {
	return []float64{1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 250e-3, 500e-3, 1, 2.5, 5, 10}
}

// MetricsOption sets an optional part of Metrics.
type MetricsOption func(*Metrics)

// WithRoutes tells the deliveries of each route apart, by the label route, which is its
// name, or its id where it has none: a series for each of the pipeline's codes, of the
// first 256 routes; further ones are Other.
func WithRoutes() MetricsOption { return func(m *Metrics) { m.names.byRoute = true } }

// NewMetrics returns metrics whose label values are the given ones, the codes of
// the pipeline and Other. The series of the stages are there from the start, at zero,
// those of a provider from when a configuration names it; see [Metrics.Sender]. An
// empty or repeated value is an ErrLabel.
func NewMetrics(version string, providers, stages []string, opts ...MetricsOption) (*Metrics, error) {
	if err := errors.Join(closedSet("provider", providers), closedSet("stage", stages)); err != nil {
		return nil, err
	}
	m := &Metrics{
		Registry: prometheus.NewRegistry(), misconfigured: newMisconfigured(),
		names:  newNames(providers),
		acks:   make(map[string]prometheus.Observer, len(pipeline.Acks())),
		stages: make(map[string]prometheus.Observer, len(stages)),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: Namespace, Name: "in_flight", Help: "Deliveries that are being handled now.",
		}),
		droppedLines: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: Namespace, Name: "log_lines_dropped_total", Help: "Log lines that did not get where they belong: whoever reads them did not keep up, or the output of the log failed.",
		}),
	}
	for _, opt := range opts {
		opt(m)
	}
	m.deliveries = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace, Name: "deliveries_total", Help: "Deliveries that were answered, by provider and by how they ended.",
	}, m.names.labels())
	probes := prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace, Name: "probes_total", Help: "Proved synthetic deliveries of webhookctl probe, which are counted nowhere else, by result.",
	}, []string{"result"})
	acks := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: Namespace, Name: "ack_seconds", Help: "Time from when a delivery was there as a whole to when its event was stored, in seconds, by what the answer says of it (Webhook-Ack).", Buckets: ackBuckets(),
	}, []string{"ack"})
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: Namespace, Name: "stage_seconds", Help: "Time that a delivery spent in a stage, in seconds.", Buckets: stageBuckets(),
	}, []string{"stage"})
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: Namespace, Name: "build_info", Help: "Always 1; its label is the version of the program.",
		ConstLabels: prometheus.Labels{"version": version},
	})
	info.Set(1)
	for _, c := range []prometheus.Collector{
		m.inFlight, m.droppedLines, m.misconfigured, m.deliveries, probes, acks, seconds, info,
		goCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := m.Register(c); err != nil {
			return nil, fmt.Errorf("register a metric: %w", err)
		}
	}
	m.probes.stored, m.probes.failed = probes.WithLabelValues("stored"), probes.WithLabelValues("failed")
	m.Sender(Other)
	for _, ack := range pipeline.Acks() {
		m.acks[ack] = acks.WithLabelValues(ack)
	}
	for _, s := range stages {
		m.stages[s] = seconds.WithLabelValues(s)
	}
	m.otherStage = seconds.WithLabelValues(Other)
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

// goCollector is the library's without its 25 memory metrics of a bygone form of Go, and
// with three in their place.
func goCollector() prometheus.Collector {
	return collectors.NewGoCollector(collectors.WithGoCollectorMemStatsMetricsDisabled(), collectors.WithGoCollectorRuntimeMetrics(
		collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile(`^/memory/classes/(heap/objects|total):bytes$|^/gc/heap/allocs:objects$`)}))
}

// Acked observes the time from the receipt of a whole delivery to an ack of its event.
func (m *Metrics) Acked(ack string, took time.Duration) {
	if o, ok := m.acks[ack]; ok {
		o.Observe(took.Seconds())
	}
}

// Probe counts an answered synthetic delivery.
func (m *Metrics) Probe(code pipeline.Code) {
	if code == pipeline.Accepted || code == pipeline.Duplicate {
		m.probes.stored.Inc()
	} else {
		m.probes.failed.Inc()
	}
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

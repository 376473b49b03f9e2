package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/sony/gobreaker/v2"

	"webhookedge/plugins/internal/telemetry"
)

const subsystem = "ratelimit"

// result is what became of a delivery; its string is the metric's label.
type result uint8

const (
	resultPassed result = iota
	resultPassedUncounted
	resultRefused
	resultRefusedHot
	resultUnavailable
	resultUnknown
	resultCount
)

func (r result) String() string {
	return [resultCount]string{"passed", "passed_uncounted", "refused", "refused_hot", "unavailable", "unknown_address"}[r]
}

// The reasons for which a store is not counted with.
const (
	failedTimeout    = "timeout"
	failedConnection = "connection"
	failedServer     = "server" // it answered with an error, such as OOM
	failedOpen       = "breaker_open"
)

// Metrics counts what the stages and stores of a process do.
type Metrics struct {
	deliveries *prometheus.CounterVec
	over       [byCount]prometheus.Counter
	errors     map[string]prometheus.Counter
	seconds    prometheus.Histogram
	shown      atomic.Pointer[Stores]
	label      func(provider string) string
}

// NewMetrics registers the metrics with r, once. label bounds the values of the label
// provider.
func NewMetrics(r prometheus.Registerer, label func(provider string) string) (*Metrics, error) {
	opts := func(name, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: telemetry.Namespace, Subsystem: subsystem, Name: name, Help: help}
	}
	m := &Metrics{
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts(opts("checks_total", "Deliveries that were held against limits, by provider, mode and result. One is counted before verification and one after normalisation, where there are limits for both.")), []string{"provider", "mode", "result"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: telemetry.Namespace, Subsystem: subsystem, Name: "store_seconds", Help: "Time that Redis took to count a delivery, in seconds.",
			Buckets: []float64{100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3},
		}),
		errors: map[string]prometheus.Counter{},
		label:  label,
	}
	over := prometheus.NewCounterVec(prometheus.CounterOpts(opts("over_limit_total", "Deliveries over a limit, by what the limit counts by.")), []string{"by"})
	for b := range byCount {
		m.over[b] = over.WithLabelValues(b.String())
	}
	failed := prometheus.NewCounterVec(prometheus.CounterOpts(opts("store_errors_total", "Deliveries that Redis did not count, by reason.")), []string{"reason"})
	for _, reason := range []string{failedTimeout, failedConnection, failedServer, failedOpen} {
		m.errors[reason] = failed.WithLabelValues(reason)
	}
	keys := prometheus.NewGaugeFunc(prometheus.GaugeOpts(opts("keys", "Counts in the memory of the process.")), func() float64 {
		if s := m.shown.Load(); s != nil {
			return float64(s.local.size.Load())
		}
		return 0
	})
	down := prometheus.NewGaugeFunc(prometheus.GaugeOpts(opts("stores_down", "Redis stores that are left alone because they do not answer.")), m.down)
	for _, c := range []prometheus.Collector{m.deliveries, m.seconds, over, failed, keys, down} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("ratelimit metrics: %w", err)
		}
	}
	return m, nil
}

func (m *Metrics) down() float64 {
	n := 0.0
	if s := m.shown.Load(); s != nil {
		for r := range s.remotes.All() {
			if r.down.Load() {
				n++
			}
		}
	}
	return n
}

func (m *Metrics) failed(err error) {
	var network net.Error
	var server redis.Error
	reason := failedConnection
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		reason = failedOpen
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		reason = failedTimeout
	case errors.As(err, &server):
		reason = failedServer
	}
	m.errors[reason].Inc()
}

// counters are the series of one provider and mode. All are there from the start.
type counters struct {
	results [resultCount]prometheus.Counter
	over    *[byCount]prometheus.Counter
}

func (m *Metrics) of(provider, mode string) *counters {
	provider = m.label(provider)
	c := &counters{over: &m.over}
	for r := range resultCount {
		c.results[r] = m.deliveries.WithLabelValues(provider, mode, r.String())
	}
	return c
}

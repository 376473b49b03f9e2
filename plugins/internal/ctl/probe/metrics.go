package probe

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are those of the last probe of each route.
type metrics struct {
	registry               *prometheus.Registry
	success, seconds, last *prometheus.GaugeVec
}

func newMetrics() *metrics {
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "webhook_edge", Subsystem: "probe", Name: name, Help: help}, []string{"route", "provider"})
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		success:  gauge("success", "1 where the last synthetic delivery on the route was stored, else 0."),
		seconds:  gauge("seconds", "Time that the last synthetic delivery on the route took, in seconds."),
		last:     gauge("timestamp_seconds", "When the route was last probed, in seconds since 1970."),
	}
	m.registry.MustRegister(m.success, m.seconds, m.last)
	return m
}

// observe takes note of a result. A route that is skipped has no series.
func (m *metrics) observe(r *result, at time.Time) {
	if r.Result == skipped {
		return
	}
	success := 0.0
	if r.Result == stored {
		success = 1
	}
	m.success.WithLabelValues(r.Route, r.Provider).Set(success)
	m.seconds.WithLabelValues(r.Route, r.Provider).Set(r.Seconds)
	m.last.WithLabelValues(r.Route, r.Provider).Set(float64(at.UnixMilli()) / 1000)
}

// Gatherer returns the metrics with one route in them, for whoever holds queries against
// them.
func Gatherer() prometheus.Gatherer {
	m := newMetrics()
	m.observe(&result{Route: "github", Provider: "github", Result: stored}, time.Unix(0, 0))
	return m.registry
}

// serve answers /metrics on an address, of which the host is loopback where none is
// named, until stop is called.
func (m *metrics) serve(address string) (stop func(), err error) {
	if strings.HasPrefix(address, ":") {
		address = "127.0.0.1" + address
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	server := &http.Server{Handler: mux, ReadTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	go func() { _ = server.Serve(listener) }() // it ends with stop
	return func() { _ = server.Close() }, nil
}

package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// maxMissing bounds how many missing secrets /readyz names.
const maxMissing = 8

// MissingSecrets tells, in the log, in a gauge and in /readyz, of the secrets that
// handlers go on without: they had no value when the handler was built, and others
// of their list had one.
type MissingSecrets struct {
	log   *slog.Logger
	gauge *prometheus.GaugeVec
	label func(provider string) string

	mu    sync.Mutex
	next  int
	lines map[int][]string // by handler, each after its provider
}

// NewMissingSecrets registers the gauge, which has a series of each provider that a
// handler was built for. Its error is the registry's.
func NewMissingSecrets(log *slog.Logger, metrics *Metrics) (*MissingSecrets, error) {
	m := &MissingSecrets{log: log, label: metrics.ProviderLabel, lines: map[int][]string{}, gauge: prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Namespace: Namespace, Name: "missing_secrets",
		Help: "Secrets of the running configuration without a value, whose vault reference did not resolve, by provider. Others of their list are used.",
	}, []string{"provider"})}
	if err := metrics.Register(m.gauge); err != nil {
		return nil, err
	}
	m.gauge.WithLabelValues(Other)
	return m, nil
}

// Watch tells of the secrets that a handler of the provider goes on without, each a
// line that starts with the path of its field, until the function that it returns is
// called. Without lines its provider has its series, and there is nothing to tell.
func (m *MissingSecrets) Watch(provider string, lines []string) (end func()) {
	gauge := m.gauge.WithLabelValues(m.label(provider))
	if len(lines) == 0 {
		return func() {}
	}
	m.log.Error("a secret has no value and is left out; the others of its list are used", KeyProvider, provider, KeyFaults, strings.Join(lines, "; "))
	gauge.Add(float64(len(lines)))
	m.mu.Lock()
	defer m.mu.Unlock()
	id := m.next
	m.next++
	for _, line := range lines {
		m.lines[id] = append(m.lines[id], provider+": "+line)
	}
	return sync.OnceFunc(func() {
		gauge.Sub(float64(len(lines)))
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.lines, id)
	})
}

// Ready reports, as a [Degraded], which secrets are missing.
func (m *MissingSecrets) Ready(context.Context) error {
	m.mu.Lock()
	var lines []string
	for _, of := range m.lines {
		lines = append(lines, of...)
	}
	m.mu.Unlock()
	if len(lines) == 0 {
		return nil
	}
	slices.Sort(lines)
	if more := len(lines) - maxMissing; more > 0 {
		lines = append(lines[:maxMissing], fmt.Sprintf("and %d more", more))
	}
	return &Degraded{Err: errors.New(strings.Join(lines, "; "))}
}

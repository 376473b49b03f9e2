package chain

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// maxMissing bounds what /readyz says of missing secrets.
const maxMissing = 8

// missing are the secrets that handlers of a process go on without: they had no value
// when the handler was built, and others of their list had one.
type missing struct {
	log   *slog.Logger
	gauge *prometheus.GaugeVec

	mu    sync.Mutex
	next  int
	lines map[int][]string // by handler, each after its provider
}

func openMissing(p *Process) (*missing, error) {
	m := &missing{log: p.env.Logger, lines: map[int][]string{}, gauge: prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Namespace: telemetry.Namespace, Name: "missing_secrets",
		Help: "Secrets of the running configuration without a value, whose vault reference did not resolve, by provider. Others of their list are used.",
	}, []string{"provider"})}
	if err := p.env.Metrics.Register(m.gauge); err != nil {
		return nil, err
	}
	for _, name := range append(catalogue.Names(), telemetry.Other) {
		m.gauge.WithLabelValues(name)
	}
	p.onClose(p.env.Checks.AddCheck("secrets", m.ready))
	return m, nil
}

// watchMissing tells of the secrets that i goes on without, for as long as it lives.
func (i *Instance) watchMissing() {
	lines := slices.Concat(i.path("verify", i.Verify.Missing()), i.path("quarantine", i.Quarantine.Missing()))
	if len(lines) > 0 {
		i.onClose(i.process.missing.watch(i.Provider, lines))
	}
}

// path puts the name of a record before each line that starts with the path of a
// field in it.
func (i *Instance) path(record string, lines []string) []string {
	if record == i.alone {
		return lines
	}
	all := make([]string, len(lines))
	for n, line := range lines {
		all[n] = record + "." + line
	}
	return all
}

// watch tells of the secrets that a handler of row goes on without, each a line that
// starts with the path of its field, until the function that it returns is called.
func (m *missing) watch(row *provider.Provider, lines []string) (end func()) {
	m.log.Error("a secret has no value and is left out; the others of its list are used", telemetry.KeyProvider, row.Name, telemetry.KeyFaults, strings.Join(lines, "; "))
	gauge := m.gauge.WithLabelValues(label(row))
	gauge.Add(float64(len(lines)))
	m.mu.Lock()
	defer m.mu.Unlock()
	id := m.next
	m.next++
	for _, line := range lines {
		m.lines[id] = append(m.lines[id], row.Name+": "+line)
	}
	return sync.OnceFunc(func() {
		gauge.Sub(float64(len(lines)))
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.lines, id)
	})
}

// ready reports, as a telemetry.Degraded, which secrets are missing.
func (m *missing) ready(context.Context) error {
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
	return &telemetry.Degraded{Err: errors.New(strings.Join(lines, "; "))}
}

// label is the provider's name among those of the catalogue.
func label(row *provider.Provider) string {
	if _, ok := catalogue.Lookup(row.Name); ok {
		return row.Name
	}
	return telemetry.Other
}

package telemetry

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/pipeline"
)

// Bounds of the label values that come from settings.
const (
	maxCustom = 128 // providers that are not in the catalogue
	maxRoutes = 256
)

// names are the values of the labels provider and route.
type names struct {
	catalogue map[string]bool
	byRoute   bool

	mu             sync.Mutex
	custom, routes map[string]bool
}

func newNames(catalogue []string) *names {
	n := &names{catalogue: make(map[string]bool, len(catalogue)), custom: map[string]bool{}, routes: map[string]bool{}}
	for _, name := range catalogue {
		n.catalogue[name] = true
	}
	return n
}

// labels are those of the deliveries.
func (n *names) labels() []string {
	if n.byRoute {
		return []string{"provider", "route", "code"}
	}
	return []string{"provider", "code"}
}

// first returns name where it is among the first values of a set, or finds room in it.
func (n *names) first(set map[string]bool, name string, room int) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if name == "" || !set[name] && len(set) >= room {
		return Other
	}
	set[name] = true
	return name
}

// ProviderLabel returns the value of the label provider for a name that a configuration
// gives: itself where the catalogue has it, and of others for the first 128.
func (m *Metrics) ProviderLabel(name string) string {
	if name == Other || m.names.catalogue[name] {
		return name
	}
	return m.names.first(m.names.custom, name, maxCustom)
}

// Sender counts the deliveries of a provider.
type Sender struct {
	metrics *Metrics
	label   string
	codes   []prometheus.Counter // by the code's number; of further routes where they are told apart
	// routes is replaced as a whole, so that a delivery reads it without a lock.
	routes atomic.Pointer[map[string][]prometheus.Counter]
	mu     sync.Mutex
}

// Sender returns the counters of a provider by its name. Where routes are not told apart
// its series are there from then on, else with the first delivery of each route.
func (m *Metrics) Sender(provider string) *Sender {
	s := &Sender{metrics: m, label: m.ProviderLabel(provider)}
	if m.names.byRoute {
		s.codes = s.series(s.label, Other)
		s.routes.Store(&map[string][]prometheus.Counter{})
	} else {
		s.codes = s.series(s.label)
	}
	return s
}

func (s *Sender) series(labels ...string) []prometheus.Counter {
	codes := pipeline.Codes()
	counters := make([]prometheus.Counter, len(codes))
	for _, code := range codes {
		counters[code.Code] = s.metrics.deliveries.WithLabelValues(append(labels[:len(labels):len(labels)], code.Label)...)
	}
	return counters
}

// Delivery counts one answered delivery of a route, which is its name or id, "" if
// unknown.
func (s *Sender) Delivery(route string, code pipeline.Code) {
	counters := s.codes
	if known := s.routes.Load(); known != nil {
		if of, ok := (*known)[route]; ok {
			counters = of
		} else if len(*known) < maxRoutes {
			counters = s.newRoute(route)
		}
	}
	counters[code.Info().Code].Inc() // Info maps a code outside the set to one in it
}

// newRoute returns the counters of a route that had no delivery yet.
func (s *Sender) newRoute(route string) []prometheus.Counter {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := *s.routes.Load()
	if counters, ok := all[route]; ok {
		return counters
	}
	n := s.metrics.names
	counters := s.series(s.label, n.first(n.routes, route, maxRoutes))
	all = maps.Clone(all)
	all[route] = counters
	s.routes.Store(&all)
	return counters
}

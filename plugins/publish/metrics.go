package publish

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what happens to connections and events. It is a
// prometheus.Collector; its label values are a closed set.
type Metrics struct {
	conns       *Connections
	connections *prometheus.Desc
	disconnects *prometheus.Desc
}

// The values of the label "state".
const (
	stateUp    = "up"    // connected, and the stream is fit or not looked at
	stateUnfit = "unfit" // connected, and the stream would not take the events
	stateDown  = "down"
)

// Metrics returns a collector for the connections of c.
func (c *Connections) Metrics() *Metrics {
	fqName := func(what string) string { return prometheus.BuildFQName("webhook_edge", name, what) }
	return &Metrics{
		conns:       c,
		connections: prometheus.NewDesc(fqName("connections"), "NATS connections by state: up, unfit (connected, but the stream does not take the events) and down.", []string{"state"}, nil),
		disconnects: prometheus.NewDesc(fqName("disconnects_total"), "Times that an established NATS connection was lost.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(out chan<- *prometheus.Desc) {
	out <- m.connections
	out <- m.disconnects
}

// Collect implements prometheus.Collector. It asks nobody: every number is known.
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	states := map[string]int{stateUp: 0, stateUnfit: 0, stateDown: 0}
	for _, conn := range m.conns.all() {
		states[conn.state()]++
	}
	for state, n := range states {
		out <- prometheus.MustNewConstMetric(m.connections, prometheus.GaugeValue, float64(n), state)
	}
	out <- prometheus.MustNewConstMetric(m.disconnects, prometheus.CounterValue, float64(m.conns.disconnects.Load()))
}

func (c *connection) state() string {
	l := c.link.Load()
	switch {
	case l == nil || !l.nc.IsConnected():
		return stateDown
	case c.streamErr.Load() != nil:
		return stateUnfit
	default:
		return stateUp
	}
}

var _ prometheus.Collector = (*Metrics)(nil)

package publish

import (
	"slices"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish/jsconn"
	"webhookedge/plugins/publish/outbox"
)

// ackClasses are the values of the label "ack".
var ackClasses = [...]string{pipeline.AckBroker, pipeline.AckBrokerMemory, pipeline.AckSpool, pipeline.AckDuplicate, pipeline.AckQuarantine}

// countAck counts an answer for an event.
func (c *counters) countAck(by string) {
	if i := slices.Index(ackClasses[:], by); i >= 0 {
		c.acked[i].Add(1)
	}
}

// Metrics counts what happens to connections and events. It is a
// prometheus.Collector; its label values are a closed set.
type Metrics struct {
	conns       *Connections
	connections *prometheus.Desc
	breakers    *prometheus.Desc
	acks        *prometheus.Desc
	totals      map[*prometheus.Desc]*atomic.Uint64
	journal     *outbox.Metrics
}

// Metrics returns a collector for the connections of c.
func (c *Connections) Metrics() *Metrics {
	fqName := func(what string) string { return prometheus.BuildFQName("webhook_edge", name, what) }
	plain := func(what, help string) *prometheus.Desc { return prometheus.NewDesc(fqName(what), help, nil, nil) }
	return &Metrics{
		conns:       c,
		connections: prometheus.NewDesc(fqName("connections"), "NATS connections by state: up, unfit (connected, but the stream does not take the events) and down.", []string{"state"}, nil),
		breakers:    plain("breakers_open", "NATS connections that do not answer and are left alone for a moment."),
		acks:        prometheus.NewDesc(fqName("acks_total"), "Events by what the answer said of them (Webhook-Ack): broker, broker-memory (no disk has it yet), spool (the journal alone), duplicate and quarantine.", []string{"ack"}, nil),
		totals: map[*prometheus.Desc]*atomic.Uint64{
			plain("disconnects_total", "Times that an established NATS connection was lost."):                                      &c.conns.Disconnects,
			plain("retries_total", "Times that an event was published again under its message id because no ack came."):            &c.retries,
			plain("stream_went_back_total", "Times that the stream ended before what it had acknowledged."):                        &c.conns.WentBack,
			plain("id_reused_total", "Events whose id came before with another body."):                                             &c.boxes.Reused,
			plain("journal_alone_total", "Events that were answered when the journal alone had them."):                             &c.boxes.Journaled,
			plain("journal_drained_total", "Events that waited in a journal and were published."):                                  &c.boxes.Drained,
			plain("journal_refused_total", "Events that neither the broker nor the journal took."):                                 &c.boxes.Refused,
			plain("journal_missed_total", "Events that the broker took and the journal did not in time."):                          &c.boxes.Missed,
			plain("journal_republished_total", "Events that the broker had acknowledged and lost, and that were published again."): &c.boxes.Republished,
		},
		journal: outbox.NewMetrics(c.boxes, fqName),
	}
}

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(out chan<- *prometheus.Desc) {
	prometheus.DescribeByCollect(m, out) // it sends all series from the start
}

// Collect implements prometheus.Collector. It asks nobody: every number is known.
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	states := map[string]int{jsconn.StateUp: 0, jsconn.StateUnfit: 0, jsconn.StateDown: 0}
	breakers := 0
	for _, conn := range m.conns.inUse() {
		states[conn.State()]++
		if conn.BreakerOpen() {
			breakers++
		}
	}
	for state, n := range states {
		out <- prometheus.MustNewConstMetric(m.connections, prometheus.GaugeValue, float64(n), state)
	}
	out <- prometheus.MustNewConstMetric(m.breakers, prometheus.GaugeValue, float64(breakers))
	for i, class := range ackClasses {
		out <- prometheus.MustNewConstMetric(m.acks, prometheus.CounterValue, float64(m.conns.acked[i].Load()), class)
	}
	for desc, value := range m.totals {
		out <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(value.Load()))
	}
	m.journal.Collect(out)
}

var _ prometheus.Collector = (*Metrics)(nil)

package quarantine

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// The values of the label "kind".
const (
	kindRefused = "refused"
	kindHeld    = "held"
)

// The values of the label "result".
const (
	resultStored = "stored"
	resultBudget = "over_budget"
	resultShare  = "over_share"
	resultQueue  = "queue_full"
	resultFull   = "stream_full"
	resultFailed = "failed"

	resultUnreleasable = "unreleasable"
)

func results() map[string][]string {
	return map[string][]string{
		kindRefused: {resultStored, resultBudget, resultShare, resultQueue, resultFull, resultFailed},
		kindHeld:    {resultStored, resultUnreleasable, resultFailed},
	}
}

func newRecordCounter(r prometheus.Registerer) (*prometheus.CounterVec, error) {
	records := prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: "webhook_edge", Subsystem: "quarantine", Name: "records_total",
		Help: "Deliveries worth keeping by provider, kind (refused, held) and what became of them.",
	}, []string{"provider", "kind", "result"})
	if err := r.Register(records); err != nil {
		return nil, fmt.Errorf("quarantine metrics: %w", err)
	}
	return records, nil
}

// counters are the series of one provider; all of them are there from the start.
type counters map[[2]string]prometheus.Counter

func newCounters(records *prometheus.CounterVec, name string) counters {
	c := counters{}
	for kind, all := range results() {
		for _, result := range all {
			c[[2]string{kind, result}] = records.WithLabelValues(name, kind, result)
		}
	}
	return c
}

func (c counters) count(kind, result string) { c[[2]string{kind, result}].Inc() }

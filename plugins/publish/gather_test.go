package publish_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/publish"
)

// gathered gives every number by its name and labels.
func gathered(t testing.TB, conns *publish.Connections) map[string]float64 {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	if err := reg.Register(conns.Metrics()); err != nil {
		t.Fatal(err)
	}
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[string]float64{}
	for _, f := range families {
		for _, m := range f.Metric {
			name := f.GetName()
			for _, l := range m.Label {
				name += "{" + l.GetName() + `="` + l.GetValue() + `"}`
			}
			numbers[name] = m.Gauge.GetValue() + m.Counter.GetValue()
		}
	}
	return numbers
}

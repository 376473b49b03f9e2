package verify_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/verify"
)

func counts(t *testing.T, r *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			key := f.GetName()
			for _, l := range m.GetLabel() {
				key += " " + l.GetValue()
			}
			got[key] = m.GetCounter().GetValue()
		}
	}
	return got
}

func TestMetrics_countEveryResult(t *testing.T) {
	r := prometheus.NewRegistry()
	m, err := verify.NewMetrics(r, itself)
	if err != nil {
		t.Fatal(err)
	}
	p := row(t, "slack")
	s := stage(t, p, settings(secretText), verify.WithMetrics(m))
	const name = "webhook_edge_verify_verifications_total slack "
	want := map[string]float64{}
	for _, result := range []string{"ok", "missing", "repeated", "malformed", "downgrade", "mismatch", "stale", "future", "no_key", "sealed", "other"} {
		want[name+result] = 0
	}
	const matches = "webhook_edge_verify_secret_matches_total slack 1"
	want[matches] = 0
	if diff := cmp.Diff(want, counts(t, r)); diff != "" {
		t.Errorf("before any delivery (-want +got):\n%s", diff)
	}
	for result, spoil := range map[string]func(d *pipeline.Delivery){
		"ok":        func(*pipeline.Delivery) {},
		"missing":   func(d *pipeline.Delivery) { d.Headers = nil },
		"repeated":  func(d *pipeline.Delivery) { d.Headers = append(d.Headers, d.Headers...) },
		"malformed": func(d *pipeline.Delivery) { set(d, "x-slack-signature", "v0=0") },
		"mismatch":  func(d *pipeline.Delivery) { d.Body = nil },
	} {
		d := delivery(t, p, `{}`, "")
		spoil(d)
		if err := s.Handle(t.Context(), d); (err == nil) != (result == "ok") {
			t.Errorf("%s: %v", result, err)
		}
		want[name+result] = 1
	}
	want[matches] = 1
	// Not a verification, so not counted.
	if err := s.Handle(t.Context(), &pipeline.Delivery{Method: "GET"}); err == nil {
		t.Error("GET passed")
	}
	if diff := cmp.Diff(want, counts(t, r)); diff != "" {
		t.Errorf("after the deliveries (-want +got):\n%s", diff)
	}
	problems, err := testutil.GatherAndLint(r)
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

// itself is the label of a process that has room for every name.
func itself(name string) string { return name }

func TestMetrics_registeredOnce(t *testing.T) {
	r := prometheus.NewRegistry()
	if _, err := verify.NewMetrics(r, itself); err != nil {
		t.Fatal(err)
	}
	if _, err := verify.NewMetrics(r, itself); err == nil {
		t.Error("registered twice")
	}
}

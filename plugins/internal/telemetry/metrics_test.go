package telemetry_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

func newMetrics(t testing.TB) *telemetry.Metrics {
	t.Helper()
	m, err := telemetry.NewMetrics("v1", []string{"github", "stripe"}, []string{"verify", "publish"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// labels returns every value of a label of a metric.
func labels(t *testing.T, m *telemetry.Metrics, metric, label string) []string {
	t.Helper()
	families, err := m.Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range families {
		if f.GetName() != metric {
			continue
		}
		for _, series := range f.GetMetric() {
			for _, l := range series.GetLabel() {
				if l.GetName() == label {
					seen[l.GetValue()] = true
				}
			}
		}
	}
	values := make([]string, 0, len(seen))
	for v := range seen {
		values = append(values, v)
	}
	slices.Sort(values)
	return values
}

func TestMetrics_everySeriesFromTheStart(t *testing.T) {
	m := newMetrics(t)
	codes := make([]string, 0, len(pipeline.Codes()))
	for _, c := range pipeline.Codes() {
		codes = append(codes, c.Label)
	}
	slices.Sort(codes)
	github, _ := m.Sender("github"), m.Sender("stripe")
	assert := func() {
		t.Helper()
		for _, tc := range []struct {
			metric, label string
			want          []string
		}{
			{"webhook_edge_deliveries_total", "provider", []string{"github", "other", "stripe"}},
			{"webhook_edge_deliveries_total", "code", codes},
			{"webhook_edge_stage_seconds", "stage", []string{"other", "publish", "verify"}},
			{"webhook_edge_build_info", "version", []string{"v1"}},
		} {
			if got := labels(t, m, tc.metric, tc.label); !slices.Equal(got, tc.want) {
				t.Errorf("%s{%s}: %v, want %v", tc.metric, tc.label, got, tc.want)
			}
		}
		n, err := testutil.GatherAndCount(m, "webhook_edge_deliveries_total", "webhook_edge_stage_seconds", "webhook_edge_in_flight", "webhook_edge_build_info", "webhook_edge_ack_seconds")
		if want := 3*len(codes) + 3 + 1 + 1 + len(pipeline.Acks()); err != nil || n != want {
			t.Errorf("%d series, want %d, %v", n, want, err)
		}
	}
	assert()
	m.Sender("").Delivery("s3cr3t", pipeline.Accepted)
	github.Delivery("s3cr3t", pipeline.Code(200))
	m.Acked("s3cr3t", time.Second)
	m.StageDone("nowhere", time.Second)
	assert()
}

func TestMetrics_count(t *testing.T) {
	m := newMetrics(t)
	m.Sender("github").Delivery("", pipeline.Accepted)
	m.Sender("github").Delivery("", pipeline.Accepted)
	m.Sender("stripe").Delivery("", pipeline.SignatureInvalid)
	m.Sender("my-own").Delivery("", pipeline.SignatureInvalid)
	m.Sender("").Delivery("", pipeline.SignatureInvalid)
	m.Sender("github").Delivery("", pipeline.Code(200))
	m.Acked(pipeline.AckSpool, 20*time.Millisecond)
	m.InFlight(2)
	m.InFlight(-1)
	text := gathered(t, m)
	for _, line := range []string{
		`webhook_edge_deliveries_total{code="accepted",provider="github"} 2`,
		`webhook_edge_deliveries_total{code="signature_invalid",provider="stripe"} 1`,
		`webhook_edge_deliveries_total{code="signature_invalid",provider="my-own"} 1`,
		`webhook_edge_deliveries_total{code="signature_invalid",provider="other"} 1`,
		`webhook_edge_ack_seconds_bucket{ack="spool",le="0.01"} 0`,
		`webhook_edge_ack_seconds_bucket{ack="spool",le="0.025"} 1`,
		`webhook_edge_ack_seconds_count{ack="broker"} 0`,
		`webhook_edge_deliveries_total{code="internal",provider="github"} 1`,
		`webhook_edge_deliveries_total{code="accepted",provider="stripe"} 0`,
		`webhook_edge_in_flight 1`,
		`webhook_edge_build_info{version="v1"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}

func TestMetrics_timeStages(t *testing.T) {
	m := newMetrics(t)
	m.StageDone("verify", 60*time.Microsecond)
	m.StageDone("verify", 10*time.Second)
	text := gathered(t, m)
	for _, line := range []string{
		`webhook_edge_stage_seconds_bucket{stage="verify",le="5e-05"} 0`,
		`webhook_edge_stage_seconds_bucket{stage="verify",le="0.0001"} 1`,
		`webhook_edge_stage_seconds_bucket{stage="verify",le="5"} 1`,
		`webhook_edge_stage_seconds_bucket{stage="verify",le="+Inf"} 2`,
		`webhook_edge_stage_seconds_count{stage="publish"} 0`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}

func TestMetrics_passPromlint(t *testing.T) {
	problems, err := promlint.New(strings.NewReader(gathered(t, newMetrics(t)))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestMetrics_processAndRuntime(t *testing.T) {
	text := gathered(t, newMetrics(t))
	for _, name := range []string{"go_goroutines", "process_start_time_seconds"} {
		if !strings.Contains(text, "\n"+name+" ") {
			t.Errorf("no %s", name)
		}
	}
}

func TestMetrics_refuseInvalidLabelSets(t *testing.T) {
	for name, tc := range map[string]struct{ providers, stages []string }{
		"an empty provider": {[]string{""}, nil},
		"a provider twice":  {[]string{"a", "a"}, nil},
		"a reserved stage":  {nil, []string{"other"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := telemetry.NewMetrics("v", tc.providers, tc.stages); !errors.Is(err, telemetry.ErrLabel) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestMetrics_stagesRegisterTheirOwn(t *testing.T) {
	m := newMetrics(t)
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: telemetry.Namespace, Subsystem: "verify", Name: "things_total", Help: "Things."})
	if err := m.Register(c); err != nil {
		t.Fatal(err)
	}
	var already prometheus.AlreadyRegisteredError
	if err := m.Register(c); !errors.As(err, &already) || already.ExistingCollector != prometheus.Collector(c) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(gathered(t, m), "webhook_edge_verify_things_total 0\n") {
		t.Error("it is not exported")
	}
	if !m.Unregister(c) || strings.Contains(gathered(t, m), "things_total") {
		t.Error("it cannot be taken out")
	}
}

func TestMetrics_observeWithoutAllocation(t *testing.T) {
	m := newMetrics(t)
	byRoute, err := telemetry.NewMetrics("v1", []string{"github"}, nil, telemetry.WithRoutes())
	if err != nil {
		t.Fatal(err)
	}
	github, routed := m.Sender("github"), byRoute.Sender("github")
	if n := testing.AllocsPerRun(1000, func() {
		m.InFlight(1)
		m.StageDone("verify", time.Millisecond)
		m.StageDone("unknown", time.Millisecond)
		github.Delivery("payments", pipeline.Accepted)
		routed.Delivery("payments", pipeline.Accepted)
		m.Acked(pipeline.AckBroker, time.Millisecond)
		m.InFlight(-1)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkObserve is what the metrics of a delivery cost, and the bytes of a scrape, with
// the label route and without, of 100 routes.
func BenchmarkObserve(b *testing.B) {
	const routes = 100
	for _, bench := range []struct {
		name string
		opts []telemetry.MetricsOption
	}{{"by provider", nil}, {"by route", []telemetry.MetricsOption{telemetry.WithRoutes()}}} {
		b.Run(bench.name, func(b *testing.B) {
			m, err := telemetry.NewMetrics("v1", []string{"github"}, []string{"verify"}, bench.opts...)
			if err != nil {
				b.Fatal(err)
			}
			github := m.Sender("github")
			names := make([]string, routes)
			for i := range names {
				names[i] = fmt.Sprint("route-", i)
				github.Delivery(names[i], pipeline.Accepted) // each has its series from its first
			}
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				n++
				m.InFlight(1)
				m.StageDone("verify", time.Millisecond)
				github.Delivery(names[n%routes], pipeline.Accepted)
				m.Acked(pipeline.AckBroker, time.Millisecond)
				m.InFlight(-1)
			}
			scrape := ask(telemetry.NewServer(m, slog.New(slog.DiscardHandler)), http.MethodGet, "/metrics")
			b.ReportMetric(float64(scrape.Body.Len()), "scrape-bytes")
		})
	}
}

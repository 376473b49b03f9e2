package observability_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/probe"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
)

// series are the metrics that a process has from its start: by name, the values
// of each label.
type series map[string]map[string][]string

// edge opens webhook-edge with every stage and returns its registry.
func edge(t *testing.T) *telemetry.Metrics {
	t.Helper()
	dir := t.TempDir() // removed after what is in it is closed
	logger := telemetry.NewLogger(io.Discard, 0)
	metrics, err := telemetry.NewMetrics("test", catalogue.Names(), chain.Stages())
	if err != nil {
		t.Fatal(err)
	}
	process, err := chain.Open(pluginserver.Env{Logger: logger, Metrics: metrics, Checks: telemetry.NewServer(metrics, logger), Now: time.Now}, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.Close)
	everything, err := os.ReadFile("../chain/testdata/everything.json")
	if err != nil {
		t.Fatal(err)
	}
	h, err := process.Build(chain.Server, bytes.Replace(everything, []byte("JOURNAL"), []byte(dir), 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	metrics.Sender(h.Provider) // as the plugin server does
	other, err := process.Build(chain.Server, []byte(`{"provider":"slack","verify":{"secrets":[{"value":"a-secret-of-a-test"}]},"publish":{"servers":["nats://127.0.0.1:1"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	other.Answered("slack", true, true) // its row says when Slack switches an endpoint off
	return metrics
}

// atStart are the series of webhook-edge.
func atStart(t *testing.T) series {
	t.Helper()
	all := series{}
	all.gather(t, edge(t))
	return all
}

// gather adds what a registry has.
func (s series) gather(t *testing.T, g prometheus.Gatherer) {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		labels := map[string][]string{}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = append(labels[l.GetName()], l.GetValue())
			}
		}
		s[f.GetName()] = labels
		if f.GetType() == dto.MetricType_HISTOGRAM {
			s[f.GetName()+"_bucket"], s[f.GetName()+"_sum"], s[f.GetName()+"_count"] = withLE(labels), labels, labels
		}
	}
}

func withLE(labels map[string][]string) map[string][]string {
	all := map[string][]string{"le": nil}
	for name, values := range labels {
		all[name] = values
	}
	return all
}

// everySeries are those of a plugin process and of the probe.
func everySeries(t *testing.T) series {
	t.Helper()
	all := atStart(t)
	all.gather(t, probe.Gatherer())
	return all
}

// visit calls each for every selector of an expression and by for every label that
// something is grouped by.
func visit(expr parser.Expr, each func(*parser.VectorSelector), by func(label string)) {
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			each(n)
		case *parser.AggregateExpr:
			for _, label := range n.Grouping {
				by(label)
			}
		}
		return nil
	})
}

// metric is the name that a selector asks for, "" without one.
func metric(matchers []*labels.Matcher) string {
	for _, m := range matchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			return m.Value
		}
	}
	return ""
}

// match reports a metric that is not there, a label that it does not have, or a
// value that the label never has.
func (s series) match(matchers []*labels.Matcher) error {
	name := metric(matchers)
	if name == "" {
		return errors.New("a selector without a metric")
	}
	has, there := s[name]
	if !there {
		return fmt.Errorf("no metric %s", name)
	}
	for _, m := range matchers {
		if m.Name == model.MetricNameLabel {
			continue
		}
		for value := range strings.SplitSeq(m.Value, "|") {
			if !slices.Contains(has[m.Name], value) {
				return fmt.Errorf("%s has no %s %q", name, m.Name, value)
			}
		}
	}
	return nil
}

// TestRegistry_passesPromtool asks what `promtool check metrics` asks.
func TestRegistry_passesPromtool(t *testing.T) {
	problems, err := testutil.GatherAndLint(edge(t))
	if err != nil || len(problems) > 0 {
		t.Errorf("%v: %v", problems, err)
	}
}

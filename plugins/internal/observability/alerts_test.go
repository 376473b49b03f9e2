package observability_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/VictoriaMetrics/metricsql"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"go.yaml.in/yaml/v3"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/probe"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
)

// folder is what the tests are about.
const folder = "../../../kong/observability/"

// The form of Prometheus's rule files, as its documentation has it.
type (
	alertFile struct {
		Groups []alertGroup `yaml:"groups"`
	}
	alertGroup struct {
		Name  string  `yaml:"name"`
		Rules []alert `yaml:"rules"`
	}
	alert struct {
		Alert       string            `yaml:"alert"`
		Expr        string            `yaml:"expr"`
		For         string            `yaml:"for"`
		Labels      map[string]string `yaml:"labels"`
		Annotations map[string]string `yaml:"annotations"`
	}
)

// series are the metrics that a process has from its start: by name, the values
// of each label.
type series map[string]map[string][]string

// atStart opens webhook-edge with every stage and reads its registry.
func atStart(t *testing.T) series {
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
	h, err := process.Build(chain.Server, []byte(`{"provider":"github","ipallow":{"provider_ranges":true,"ranges":{"refresh":false}},"ratelimit":{"limits":[{"rate":"10-S","by":"route"}]},
	  "verify":{"secrets":[{"value":"a-secret-of-a-test"}]},"normalize":{"learn":true,"validation":{"on_invalid":"tag"}},"policy":{"directory":"../../../policies"},"publish":{"servers":["nats://127.0.0.1:1"],"journal":{"directory":"`+dir+`"}}}`))
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
	all := series{}
	all.gather(t, metrics)
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

// check reports what is wrong with a rule.
func (a *alert) check(have series) error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf(a.Alert+": "+format, args...))
	}
	if !regexp.MustCompile(`^WebhookEdge[A-Z][A-Za-z]+$`).MatchString(a.Alert) {
		fault("the name is not one of ours")
	}
	if a.For != "" && !regexp.MustCompile(`^[1-9][0-9]*[smhd]$`).MatchString(a.For) {
		fault("for: %q is no time", a.For)
	}
	if len(a.Labels) != 1 || !slices.Contains([]string{"critical", "warning", "info"}, a.Labels["severity"]) {
		fault("the labels are %v", a.Labels)
	}
	expr, err := metricsql.Parse(a.Expr)
	if err != nil {
		fault("expr: %v", err)
		return errors.Join(faults...)
	}
	labels, used := map[string]string{}, false
	metricsql.VisitAll(expr, func(e metricsql.Expr) {
		switch e := e.(type) {
		case *metricsql.MetricExpr:
			used = true
			for _, matchers := range e.LabelFilterss {
				if err := have.match(matchers); err != nil {
					fault("expr: %v", err)
				}
			}
		case *metricsql.AggrFuncExpr:
			for _, name := range e.Modifier.Args {
				labels[name] = "a-value"
			}
		}
	})
	if !used {
		fault("expr: it asks for no metric")
	}
	for _, name := range []string{"summary", "runbook"} {
		if err := sentence(a.Annotations[name], labels); err != nil {
			fault("%s: %v", name, err)
		}
	}
	if len(a.Annotations) != 2 {
		fault("it has other annotations than summary and runbook")
	}
	return errors.Join(faults...)
}

// match reports a metric that is not there, a label that it does not have, or a
// value that the label never has.
func (s series) match(matchers []metricsql.LabelFilter) error {
	if len(matchers) == 0 || matchers[0].Label != "__name__" {
		return errors.New("a selector without a metric")
	}
	labels, there := s[matchers[0].Value]
	if !there {
		return fmt.Errorf("no metric %s", matchers[0].Value)
	}
	for _, m := range matchers[1:] {
		for value := range strings.SplitSeq(m.Value, "|") {
			if !slices.Contains(labels[m.Label], value) {
				return fmt.Errorf("%s has no %s %q", matchers[0].Value, m.Label, value)
			}
		}
	}
	return nil
}

// sentence fills the template of an annotation in as Prometheus does and reports
// what is no sentence.
func sentence(text string, labels map[string]string) error {
	same := func(v any) string { return fmt.Sprint(v) }
	t, err := template.New("").Funcs(template.FuncMap{"humanizeDuration": same, "humanizePercentage": same}).
		Option("missingkey=error").Parse(`{{$labels := .Labels}}{{$value := .Value}}` + text)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, map[string]any{"Labels": labels, "Value": 1.5}); err != nil {
		return err
	}
	if len(text) < 20 || !strings.ContainsAny(text[len(text)-1:], ".?") {
		return fmt.Errorf("%q is no sentence", text)
	}
	return nil
}

// decode reads a YAML file into v, whose fields are all that it may have.
func decode(t *testing.T, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(v); err != nil {
		t.Fatal(err)
	}
}

func TestAlerts_nameMetricsThatExist(t *testing.T) {
	var file alertFile
	decode(t, folder+"alerts.yml", &file)
	have, names, about := everySeries(t), map[string]bool{}, map[string]bool{}
	for _, g := range file.Groups {
		about[strings.TrimPrefix(g.Name, "webhook-edge-")] = true
		for _, a := range g.Rules {
			if names[a.Alert] {
				t.Errorf("%s is there twice", a.Alert)
			}
			names[a.Alert] = true
			if err := a.check(have); err != nil {
				t.Error(err)
			}
		}
	}
	for _, stage := range append(chain.Packages(), "quarantine") {
		if !about[stage] {
			t.Errorf("no alert about %s", stage)
		}
	}
}

func TestAlerts_unknownMetricIsFound(t *testing.T) {
	have := series{"webhook_edge_things_total": {"code": {"good", "bad"}}}
	good := alert{
		Alert: "WebhookEdgeThings", Expr: `sum by (code) (rate(webhook_edge_things_total{code=~"good|bad"}[5m])) > 0`, For: "5m",
		Labels:      map[string]string{"severity": "info"},
		Annotations: map[string]string{"summary": "There are {{ $labels.code }} things, {{ $value }} a second.", "runbook": "Look at what there is and tell us."},
	}
	if err := good.check(have); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*alert){
		"a metric that is not there":   func(a *alert) { a.Expr = strings.ReplaceAll(a.Expr, "things", "thing") },
		"a label that is not there":    func(a *alert) { a.Expr = strings.ReplaceAll(a.Expr, "{code", "{kode") },
		"a value that is not there":    func(a *alert) { a.Expr = strings.ReplaceAll(a.Expr, "bad", "bat") },
		"a bracket that is not closed": func(a *alert) { a.Expr = strings.Replace(a.Expr, "]", "", 1) },
		"a function that is not there": func(a *alert) { a.Expr = strings.ReplaceAll(a.Expr, "rate", "rates") },
		"no metric":                    func(a *alert) { a.Expr = "1 > 0" },
		"a time of no unit":            func(a *alert) { a.For = "5" },
		"no severity":                  func(a *alert) { a.Labels = nil },
		"no runbook":                   func(a *alert) { a.Annotations = map[string]string{"summary": a.Annotations["summary"]} },
		"a label that the result has not": func(a *alert) {
			a.Annotations = map[string]string{"summary": "Things of {{ $labels.provider }} are bad.", "runbook": a.Annotations["runbook"]}
		},
		"a template that is not closed": func(a *alert) {
			a.Annotations = map[string]string{"summary": "There are {{ $value things.", "runbook": a.Annotations["runbook"]}
		},
		"a name that nobody finds us with": func(a *alert) { a.Alert = "Things" },
	} {
		a := good
		spoil(&a)
		if a.check(have) == nil {
			t.Errorf("%s is not noticed", name)
		}
	}
}

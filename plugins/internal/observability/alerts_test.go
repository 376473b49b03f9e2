package observability_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"webhookedge/plugins/internal/chain"
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

// all are the alerts of every group.
func (f *alertFile) all() (alerts []alert) {
	for _, g := range f.Groups {
		alerts = append(alerts, g.Rules...)
	}
	return alerts
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
	expr, err := parser.ParseExpr(a.Expr)
	if err != nil {
		fault("expr: %v", err)
		return errors.Join(faults...)
	}
	grouped, used := map[string]string{}, false
	visit(expr, func(s *parser.VectorSelector) {
		used = true
		if err := have.match(s.LabelMatchers); err != nil {
			fault("expr: %v", err)
		}
	}, func(label string) { grouped[label] = "a-value" })
	if !used {
		fault("expr: it asks for no metric")
	}
	for _, name := range []string{"summary", "runbook"} {
		if err := sentence(a.Annotations[name], grouped); err != nil {
			fault("%s: %v", name, err)
		}
	}
	if len(a.Annotations) != 2 {
		fault("it has other annotations than summary and runbook")
	}
	return errors.Join(faults...)
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

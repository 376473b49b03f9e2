package observability_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// ruleTests is alerts_test.yml, as promtool reads it.
type ruleTests struct {
	Files    []string   `yaml:"rule_files"`
	Interval string     `yaml:"evaluation_interval"`
	Tests    []ruleTest `yaml:"tests"`
}

type ruleTest struct {
	Name     string `yaml:"name"`
	Interval string `yaml:"interval"`
	Series   []struct {
		Series string `yaml:"series"`
		Values string `yaml:"values"`
	} `yaml:"input_series"`
	Expr []struct {
		Expr    string `yaml:"expr"`
		At      string `yaml:"eval_time"`
		Samples []struct {
			Labels string  `yaml:"labels"`
			Value  float64 `yaml:"value"`
		} `yaml:"exp_samples"`
	} `yaml:"promql_expr_test"`
}

// TestRules_everyAlertFiresAndStaysQuiet reads what TestRules_holdInPrometheus runs: an alert
// without a test of both kinds, or a test of series that nobody has, would prove nothing.
func TestRules_everyAlertFiresAndStaysQuiet(t *testing.T) {
	var alerts alertFile
	decode(t, folder+"alerts.yml", &alerts)
	var tests ruleTests
	decode(t, folder+"alerts_test.yml", &tests)
	if !slices.Equal(tests.Files, []string{"alerts.yml"}) {
		t.Errorf("it tests %v", tests.Files)
	}
	have := everySeries(t)
	seen := map[string]int{} // of ALERTS{...} and whether it fires
	for _, one := range tests.Tests {
		for _, s := range one.Series {
			if err := have.matchAll(s.Series); err != nil {
				t.Errorf("%s: %v", one.Name, err)
			}
		}
		for _, e := range one.Expr {
			seen[fmt.Sprint(e.Expr, len(e.Samples) > 0)]++
		}
	}
	for _, group := range alerts.Groups {
		for _, a := range group.Rules {
			expr := fmt.Sprintf(`ALERTS{alertname="%s", alertstate="firing"}`, a.Alert)
			for _, fires := range []bool{true, false} {
				if seen[fmt.Sprint(expr, fires)] == 0 {
					t.Errorf("%s: no test where firing is %v", a.Alert, fires)
				}
			}
		}
	}
}

// matchAll reports what is wrong with the selectors in an expression. Values of labels
// that differ from gateway to gateway are not looked at.
func (s series) matchAll(text string) error {
	expr, err := parser.ParseExpr(text)
	if err != nil {
		return err
	}
	open := []string{"provider", "route", "list", "source", "instance", "secret", "rule", "version", "le", "action"}
	var faults []error
	found, grouped := map[string]bool{}, []string{}
	visit(expr, func(v *parser.VectorSelector) {
		name := metric(v.LabelMatchers)
		for label := range s[name] {
			found[label] = true
		}
		isOpen := func(m *labels.Matcher) bool { return slices.Contains(open, m.Name) }
		faults = append(faults, s.match(slices.DeleteFunc(slices.Clone(v.LabelMatchers), isOpen)))
		for _, m := range v.LabelMatchers {
			if _, has := s[name][m.Name]; isOpen(m) && m.Name != "instance" && !has {
				faults = append(faults, fmt.Errorf("%s has no label %s", name, m.Name))
			}
		}
	}, func(label string) { grouped = append(grouped, label) })
	for _, label := range grouped {
		if !found[label] && label != "instance" {
			faults = append(faults, fmt.Errorf("nothing has the label %s in %s", label, text))
		}
	}
	return errors.Join(faults...)
}

func TestSeries_unknownOnesAreFound(t *testing.T) {
	have := series{"webhook_edge_things_total": {"code": {"good", "bad"}, "provider": {"github"}}}
	for query, fault := range map[string]string{
		`sum by (code, provider) (rate(webhook_edge_things_total{code="good", provider="any", instance="any"}[5m]))`: "",
		`sum(webhook_edge_thing_total)`:                   "no metric",
		`webhook_edge_things_total{code="gone"}`:          "has no code",
		`webhook_edge_things_total{route="a"}`:            "has no label route",
		`sum by (route) (webhook_edge_things_total)`:      "nothing has the label route",
		`rate(webhook_edge_things_total{code="good"}[5m]`: "missing",
		`{code="good"}`: "without a metric",
	} {
		err := have.matchAll(query)
		if (err == nil) != (fault == "") || err != nil && fault != "missing" && !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v", query, err)
		}
	}
}

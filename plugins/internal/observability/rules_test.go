package observability_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/VictoriaMetrics/metricsql"
)

// ruleTests is alerts_test.yml, as promtool reads it.
type ruleTests struct {
	Files    []string `yaml:"rule_files"`
	Interval string   `yaml:"evaluation_interval"`
	Tests    []struct {
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
	} `yaml:"tests"`
}

// TestRules_everyAlertFiresAndStaysQuiet reads what promtool runs (make rules): an alert
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
	expr, err := metricsql.Parse(text)
	if err != nil {
		return err
	}
	open := []string{"provider", "route", "list", "source", "instance", "secret", "rule", "version", "le", "action"}
	var faults []error
	found, grouped := map[string]bool{}, []string{}
	metricsql.VisitAll(expr, func(e metricsql.Expr) {
		switch e := e.(type) {
		case *metricsql.MetricExpr:
			for _, matchers := range e.LabelFilterss {
				for _, label := range s.labelsOf(matchers) {
					found[label] = true
				}
				closed := slices.DeleteFunc(slices.Clone(matchers), func(m metricsql.LabelFilter) bool { return slices.Contains(open, m.Label) })
				faults = append(faults, s.match(closed))
				for _, m := range matchers {
					if slices.Contains(open, m.Label) && m.Label != "instance" && !slices.Contains(s.labelsOf(matchers), m.Label) {
						faults = append(faults, fmt.Errorf("%s has no label %s", matchers[0].Value, m.Label))
					}
				}
			}
		case *metricsql.AggrFuncExpr:
			grouped = append(grouped, e.Modifier.Args...)
		}
	})
	for _, label := range grouped {
		if !found[label] && label != "instance" {
			faults = append(faults, fmt.Errorf("nothing has the label %s in %s", label, text))
		}
	}
	return errors.Join(faults...)
}

func (s series) labelsOf(matchers []metricsql.LabelFilter) (names []string) {
	if len(matchers) > 0 {
		for name := range s[matchers[0].Value] {
			names = append(names, name)
		}
	}
	return names
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

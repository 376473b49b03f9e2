package observability_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// TestRules_holdInPrometheus runs alerts_test.yml as `promtool test rules` does. The parser
// and the engine are Prometheus's own; `for` and the series ALERTS are here, since the package
// that has them brings half of Prometheus along, whose build takes minutes. `make rules` is
// promtool itself.
func TestRules_holdInPrometheus(t *testing.T) {
	var alerts alertFile
	decode(t, folder+"alerts.yml", &alerts)
	var tests ruleTests
	decode(t, folder+"alerts_test.yml", &tests)
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples: 100_000, Timeout: time.Minute,
		EnableAtModifier: true, EnableNegativeOffset: true, // as Prometheus has them
	})
	t.Cleanup(func() { _ = engine.Close() })
	step := duration(t, tests.Interval)
	for _, one := range tests.Tests {
		history := load(t, &one)
		for _, e := range one.Expr {
			selector, err := parser.ParseMetricSelector(e.Expr)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, sample := range e.Samples {
				l, err := parser.ParseMetric(sample.Labels)
				if err != nil || sample.Value != 1 {
					t.Fatalf("%s: %s is %v: %v", one.Name, sample.Labels, sample.Value, err)
				}
				want = append(want, l.String())
			}
			var got []string
			for _, a := range alerts.all() {
				if !slices.ContainsFunc(selector, func(m *labels.Matcher) bool { return m.Name == "alertname" && m.Matches(a.Alert) }) {
					continue // which would take time only
				}
				for _, l := range a.series(t, engine, history, step, duration(t, e.At)) {
					if matches(selector, l) {
						got = append(got, l.String())
					}
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, after %s (-want +got):\n%s", one.Name, e.At, diff)
			}
		}
	}
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	if text == "" {
		return 0
	}
	d, err := model.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(d)
}

// load returns the series of a test, which begin at the epoch.
func load(t *testing.T, one *ruleTest) storage.Queryable {
	t.Helper()
	interval := duration(t, one.Interval).Milliseconds()
	var all []storage.Series
	for _, s := range one.Series {
		name, values, err := parser.ParseSeriesDesc(s.Series + " " + s.Values)
		if err != nil {
			t.Fatalf("%s: %v", one.Name, err)
		}
		var samples []chunks.Sample
		for i, v := range values {
			if !v.Omitted {
				samples = append(samples, sample{at: int64(i) * interval, value: v.Value})
			}
		}
		all = append(all, storage.NewListSeries(name, samples))
	}
	return &storage.MockQueryable{MockQuerier: &storage.MockQuerier{
		SelectMockFunction: func(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
			return &seriesSet{rest: slices.DeleteFunc(slices.Clone(all), func(s storage.Series) bool { return !matches(matchers, s.Labels()) })}
		},
	}}
}

func matches(matchers []*labels.Matcher, l labels.Labels) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(l.Get(m.Name)) })
}

// series evaluates a rule at each step up to a time and returns the series ALERTS of then.
func (a *alert) series(t *testing.T, engine *promql.Engine, history storage.Queryable, step, at time.Duration) (all []labels.Labels) {
	t.Helper()
	since, last := map[string]time.Duration{}, promql.Vector(nil)
	for now := time.Duration(0); now <= at; now += step {
		last = evaluate(t, engine, history, a.Expr, now)
		still := map[string]time.Duration{}
		for _, sample := range last {
			name := sample.Metric.String()
			still[name] = now
			if began, was := since[name]; was {
				still[name] = began
			}
		}
		since = still
	}
	for _, sample := range last {
		b := labels.NewBuilder(sample.Metric)
		for name, value := range a.Labels {
			b.Set(name, value)
		}
		state := "pending"
		if end := at - at%step; end-since[sample.Metric.String()] >= duration(t, a.For) {
			state = "firing"
		}
		all = append(all, b.Set(model.MetricNameLabel, "ALERTS").Set("alertname", a.Alert).Set("alertstate", state).Labels())
	}
	return all
}

func evaluate(t *testing.T, engine *promql.Engine, history storage.Queryable, expr string, now time.Duration) promql.Vector {
	t.Helper()
	query, err := engine.NewInstantQuery(context.Background(), history, nil, expr, time.Unix(0, 0).Add(now))
	if err != nil {
		t.Fatal(err)
	}
	defer query.Close()
	v, err := query.Exec(t.Context()).Vector()
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", expr, err))
	}
	return v
}

// sample is one that is no histogram.
type sample struct {
	chunks.Sample // nil

	at    int64 // milliseconds since the epoch
	value float64
}

func (s sample) T() int64               { return s.at }
func (s sample) F() float64             { return s.value }
func (sample) Type() chunkenc.ValueType { return chunkenc.ValFloat }

// seriesSet is what the engine reads series from.
type seriesSet struct {
	rest []storage.Series
	at   storage.Series
}

func (s *seriesSet) Next() bool {
	if len(s.rest) == 0 {
		return false
	}
	s.at, s.rest = s.rest[0], s.rest[1:]
	return true
}

func (s *seriesSet) At() storage.Series                { return s.at }
func (s *seriesSet) Err() error                        { return nil }
func (s *seriesSet) Warnings() annotations.Annotations { return nil }

var _ storage.SeriesSet = (*seriesSet)(nil)

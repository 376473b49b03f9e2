package endpoint_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/endpoint"
	"webhookedge/plugins/provider/spec"
)

// kit is a Health with a clock, and what was told.
type kit struct {
	*endpoint.Health
	at   time.Time
	log  bytes.Buffer
	told chan string
}

func newKit() *kit {
	k := &kit{at: time.Unix(1_800_000_000, 0), told: make(chan string, 100)}
	k.Health = endpoint.New(slog.New(slog.NewTextHandler(&k.log, nil)), func() time.Time { return k.at })
	return k
}

// answers plays answers, each a letter, with a pause before each: + is a success, - a
// failure of a proved delivery, ? one that nothing proved. It returns the levels told.
func (k *kit) answers(b *endpoint.Budget, letters string, pause time.Duration) []string {
	before := strings.Count(k.log.String(), "\n")
	for _, l := range letters {
		k.at = k.at.Add(pause)
		b.Answered(l == '+', l == '-', func(_ context.Context, w endpoint.Warning) { k.told <- w.Level })
	}
	n := strings.Count(k.log.String(), "\n") - before
	var told []string
	for range n {
		told = append(told, <-k.told)
	}
	return told
}

func TestBudget_tellsAtHalfAndWhenSpent(t *testing.T) {
	day := 24 * time.Hour
	for name, tc := range map[string]struct {
		cutoff  spec.Cutoff
		letters string
		pause   time.Duration
		want    []string
	}{
		"six in a row":                           {spec.Cutoff{Failures: 6}, "------", time.Second, []string{"half", "spent"}},
		"two of six":                             {spec.Cutoff{Failures: 6}, "+--", time.Second, nil},
		"successes between":                      {spec.Cutoff{Failures: 6}, "--+--+--+--+", time.Second, nil},
		"ten in a row within a week":             {spec.Cutoff{Failures: 10, Span: 7 * day}, "-----", time.Hour, []string{"half"}},
		"ten in a row, slower than that":         {spec.Cutoff{Failures: 10, Span: 7 * day}, "----------", 5 * day, nil},
		"five days without a success":            {spec.Cutoff{Span: 5 * day}, "+-------", day, []string{"half", "spent"}},
		"two days without a success":             {spec.Cutoff{Span: 5 * day}, "---", day, nil},
		"a share of an hour":                     {spec.Cutoff{Percent: 95, Span: time.Hour}, "++++++++++----------", time.Second, []string{"half"}},
		"a share of too few":                     {spec.Cutoff{Percent: 95, Span: time.Hour}, "----", time.Second, nil},
		"a flood that nothing proved":            {spec.Cutoff{Failures: 6}, strings.Repeat("?", 100), time.Second / 2, nil},
		"all that comes for minutes is unproved": {spec.Cutoff{Failures: 6}, "??????", time.Minute, []string{"half", "spent"}},
		"once an hour":                           {spec.Cutoff{Failures: 2}, "-+-+-+-+", time.Minute, []string{"half"}},
		"again later":                            {spec.Cutoff{Failures: 2}, "-+-", time.Hour, []string{"half", "half"}},
	} {
		k := newKit()
		got := k.answers(k.Of("slack", "payments", tc.cutoff), tc.letters, tc.pause)
		if diff := cmp.Diff(count(tc.want), count(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// count is how often each level was told; two goroutines may tell in any order.
func count(levels []string) map[string]int {
	n := map[string]int{}
	for _, l := range levels {
		n[l]++
	}
	return n
}

func TestBudget_isAMetric(t *testing.T) {
	k := newKit()
	r := prometheus.NewRegistry()
	r.MustRegister(k.Health)
	k.answers(k.Of("slack", "a", spec.Cutoff{Failures: 4}), "-", time.Second)
	k.answers(k.Of("slack", "a", spec.Cutoff{Failures: 4}), "-", time.Second) // of another worker
	k.Of("svix", "b", spec.Cutoff{Span: time.Hour})
	want := `# HELP webhook_edge_endpoint_budget_spent_ratio Part of what makes a provider switch an endpoint off that is used up by failures, by provider and route; 1 is all of it.
# TYPE webhook_edge_endpoint_budget_spent_ratio gauge
webhook_edge_endpoint_budget_spent_ratio{provider="slack",route="a"} 0.5
webhook_edge_endpoint_budget_spent_ratio{provider="svix",route="b"} 0
`
	if err := testutil.GatherAndCompare(r, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(r); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

func TestHealth_isBounded(t *testing.T) {
	k := newKit()
	for i := range 1000 {
		k.Of("slack", fmt.Sprint(i), spec.Cutoff{Failures: 4}).Answered(false, true, nil)
	}
	if n := testutil.CollectAndCount(k.Health); n != 256 {
		t.Errorf("%d budgets", n)
	}
	for name, b := range map[string]*endpoint.Budget{"without figures": k.Of("slack", "0", spec.Cutoff{}), "without a route": k.Of("slack", "", spec.Cutoff{Failures: 1})} {
		if b != nil {
			t.Errorf("a budget %s", name)
		}
	}
}

func TestBudget_costsNoAllocation(t *testing.T) {
	b := endpoint.New(slog.New(slog.DiscardHandler), time.Now).Of("slack", "a", spec.Cutoff{Percent: 95, Span: time.Hour})
	if n := testing.AllocsPerRun(100, func() { b.Answered(true, true, nil) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestRoutes_haveABudgetEach(t *testing.T) {
	k := newKit()
	var none *endpoint.Routes
	none.Answered("a", false, true)
	if k.Routes("slack", spec.Cutoff{}, nil) != nil {
		t.Error("routes without figures are watched")
	}
	r := k.Routes("slack", spec.Cutoff{Failures: 2}, nil)
	for _, route := range []string{"a", "a", "b", ""} {
		r.Answered(route, false, true)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(k.Health)
	if n, err := testutil.GatherAndCount(registry); n != 2 || err != nil {
		t.Errorf("%d budgets, %v", n, err)
	}
	if n := testing.AllocsPerRun(100, func() { r.Answered("a", true, true) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

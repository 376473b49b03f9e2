package ratelimit

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// kit is what a process gives to its stages, with a clock of its own.
type kit struct {
	registry *prometheus.Registry
	stores   *Stores
	log      *lines
	now      time.Time
}

func newKit(t testing.TB) *kit {
	t.Helper()
	k := &kit{now: time.Unix(1_700_000_000, 0)}
	k.open(t, func() time.Time { return k.now })
	return k
}

// newLiveKit has the machine's clock, as Redis has.
func newLiveKit(t testing.TB) *kit {
	t.Helper()
	k := &kit{}
	k.open(t, time.Now)
	return k
}

func (k *kit) open(t testing.TB, now func() time.Time) {
	t.Helper()
	k.registry, k.log = prometheus.NewRegistry(), &lines{}
	m, err := NewMetrics(k.registry, func(name string) string { return name })
	if err != nil {
		t.Fatal(err)
	}
	k.stores = NewStores(telemetry.NewLogger(k.log, slog.LevelDebug), now, m, time.Minute)
	t.Cleanup(k.stores.Close)
}

func (k *kit) stage(t testing.TB, cfg Config) *Stage {
	t.Helper()
	s, err := New("github", cfg, k.stores)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func (k *kit) count(name string, labels ...string) float64 {
	families, _ := k.registry.Gather()
	for _, f := range families {
		for _, m := range f.GetMetric() {
			var got []string
			for _, l := range m.GetLabel() {
				got = append(got, l.GetValue())
			}
			if f.GetName() == "webhook_edge_ratelimit_"+name && slices.Equal(got, labels) {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return -1
}

func header(name, value string) pipeline.Header { return pipeline.Header{Name: name, Value: value} }

func delivery(addr string) *pipeline.Delivery {
	d := &pipeline.Delivery{RequestID: "r1", Route: "github"}
	if addr != "" {
		d.ClientIP = netip.MustParseAddr(addr)
	}
	return d
}

// addressOf is the i-th of some distinct addresses.
func addressOf(i int) string {
	return netip.AddrFrom4([4]byte{11, byte(i >> 16), byte(i >> 8), byte(i)}).String()
}

// tenants are events, one of each tenant.
func tenants(names ...string) []pipeline.Item {
	var all []pipeline.Item
	for _, name := range names {
		all = append(all, pipeline.Item{Event: &event.Event{Tenant: name, Type: "issues", Action: "opened"}})
	}
	return all
}

func limits(pairs ...string) Config {
	var cfg Config
	for i := 0; i < len(pairs); i += 2 {
		cfg.Limits = append(cfg.Limits, LimitConfig{Rate: pairs[i], By: pairs[i+1]})
	}
	return cfg
}

// code is how a stage ends a delivery; Accepted where it passes it on.
func code(t testing.TB, s pipeline.Stage, d *pipeline.Delivery) pipeline.Code {
	t.Helper()
	err := s.Handle(context.Background(), d)
	var reject *pipeline.Reject
	switch {
	case err == nil:
		return pipeline.Accepted
	case !errors.As(err, &reject):
		t.Fatal(err)
	}
	return reject.Code
}

func TestAfterNormalize_limitsByTenantAndType(t *testing.T) {
	k := newKit(t)
	s := k.stage(t, limits("1-M", "tenant", "3-M", "event_type"))
	after := s.AfterNormalize()
	if after == nil {
		t.Fatal("no part behind normalize")
	}
	of := func(names ...string) *pipeline.Delivery {
		d := delivery("")
		d.Items = tenants(names...)
		return d
	}
	for range 10 {
		if got := code(t, s, of("a")); got != pipeline.Accepted {
			t.Fatalf("before there is an event: %v", got)
		}
	}
	steps := []struct {
		d    *pipeline.Delivery
		want pipeline.Code
	}{
		{of("a"), pipeline.Accepted},
		{of("a"), pipeline.RateLimited},
		{of("b", "a"), pipeline.RateLimited}, // a batch needs room for each of its tenants
		{of("b", "b"), pipeline.Accepted},    // and counts once for each
		{of("c"), pipeline.Accepted},
		{of("d"), pipeline.RateLimited}, // the fourth of its type
		{of(), pipeline.Accepted},
	}
	for i, step := range steps {
		if got := code(t, after, step.d); got != step.want {
			t.Errorf("step %d: %v, want %v", i, got, step.want)
		}
	}
	if k.stage(t, limits("1-M", "route")).AfterNormalize() != nil {
		t.Error("a stage without such limits has a part behind normalize")
	}
}

func TestHandle_burstIsPaidBack(t *testing.T) {
	k := newKit(t)
	s := k.stage(t, Config{Limits: []LimitConfig{{Rate: "10-S", By: "route", Burst: 20}}})
	passed := func(offered int) (n int) {
		for range offered {
			if code(t, s, delivery("")) == pipeline.Accepted {
				n++
			}
		}
		return n
	}
	var got []int
	for range 10 {
		got = append(got, passed(50))
		k.now = k.now.Add(time.Second)
	}
	if diff := cmp.Diff([]int{30, 30, 30, 10, 0, 0, 0, 0, 0, 0}, got); diff != "" {
		t.Errorf("passed in each second (-want +got):\n%s", diff)
	}
	if n := passed(50); n != 30 {
		t.Errorf("%d in the first second of the next ten", n)
	}
}

func TestHandle_refusalSaysWhenToRetry(t *testing.T) {
	k := newKit(t)
	s := k.stage(t, limits("5-S", "client_ip", "2-M", "route"))
	for range 2 {
		if got := code(t, s, delivery("198.51.100.7")); got != pipeline.Accepted {
			t.Fatal(got)
		}
	}
	k.now = k.now.Add(20*time.Second + 500*time.Millisecond)
	chain, err := pipeline.NewChain([]pipeline.Stage{s})
	if err != nil {
		t.Fatal(err)
	}
	out := chain.Run(t.Context(), delivery("198.51.100.7"))
	want := []pipeline.Header{
		header("content-type", "application/json"), header("retry-after", "40"),
		header("ratelimit-policy", `"client_ip";q=5;w=1, "route";q=2;w=60`), header("ratelimit", `"route";r=0;t=40`),
		header("x-ratelimit-limit", "2"), header("x-ratelimit-remaining", "0"), header("x-ratelimit-reset", "40"),
	}
	if diff := cmp.Diff(want, out.Headers); diff != "" || out.Status != 429 {
		t.Errorf("status %d, headers (-want +got):\n%s", out.Status, diff)
	}
	if !errors.Is(out.Err, ErrOverLimit) || !strings.Contains(out.Err.Error(), "route of 2 in 60 s") {
		t.Errorf("reason %v", out.Err)
	}
	// A provider for which 429 would be fatal gets what its row says.
	chain, err = pipeline.NewChain([]pipeline.Stage{s}, pipeline.WithStatus(map[string]int{"rate_limited": 503}))
	if err != nil {
		t.Fatal(err)
	}
	if out := chain.Run(t.Context(), delivery("198.51.100.7")); out.Status != 503 {
		t.Errorf("status %d with an override", out.Status)
	}
}

func TestHandle_unknownAddressIsRefusedUncounted(t *testing.T) {
	k := newKit(t)
	if got := code(t, k.stage(t, limits("5-S", "client_ip")), delivery("")); got != pipeline.IPDenied {
		t.Errorf("by address: %v", got)
	}
	if got := code(t, k.stage(t, limits("5-S", "client_net")), delivery("fe80::1%eth0")); got != pipeline.IPDenied {
		t.Errorf("with a zone: %v", got)
	}
	if got := code(t, k.stage(t, limits("5-S", "route")), delivery("")); got != pipeline.Accepted {
		t.Errorf("where the address does not matter: %v", got)
	}
}

func TestObserve_passesCountsAndLogs(t *testing.T) {
	k := newKit(t)
	cfg := limits("1-M", "client_ip")
	cfg.Mode = ModeObserve
	s := k.stage(t, cfg)
	for _, addr := range []string{"198.51.100.7", "198.51.100.7", ""} {
		if got := code(t, s, delivery(addr)); got != pipeline.Accepted {
			t.Error(got)
		}
	}
	for r, want := range map[string]float64{"passed": 1, "refused": 1, "unknown_address": 1, "refused_hot": 0} {
		if got := k.count("checks_total", "observe", "github", r); got != want {
			t.Errorf("%s: %v, want %v", r, got, want)
		}
	}
	if k.count("over_limit_total", "client_ip") != 1 || strings.Count(k.log.String(), "would be refused") != 2 {
		t.Errorf("counted %v, logged\n%s", k.count("over_limit_total", "client_ip"), k.log)
	}
	if strings.Contains(k.log.String(), `"code"`) { // which is of what was refused
		t.Errorf("logged as a refusal:\n%s", k.log)
	}
}

func TestMetrics_areLintedAndPresentFromTheStart(t *testing.T) {
	k := newKit(t)
	k.stage(t, limits("5-S", "route"))
	problems, err := testutil.GatherAndLint(k.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
	if n := testutil.CollectAndCount(k.registry, "webhook_edge_ratelimit_checks_total", "webhook_edge_ratelimit_over_limit_total", "webhook_edge_ratelimit_store_errors_total"); n != 6+7+4 {
		t.Errorf("%d series", n)
	}
	if _, err := New("of-my-own", limits("5-S", "route"), k.stores); err != nil || k.count("checks_total", "enforce", "of-my-own", "passed") != 0 {
		t.Errorf("a provider of a user's own: %v", err)
	}
	if _, err := NewMetrics(k.registry, func(name string) string { return name }); err == nil {
		t.Error("registered twice")
	}
}

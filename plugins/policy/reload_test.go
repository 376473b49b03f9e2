package policy_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy"
)

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for tick := time.NewTicker(5 * time.Millisecond); !ok(); {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: it does not happen", what)
		}
	}
}

func TestReload_brokenChangeIsNotUsed(t *testing.T) {
	k := newKit(t)
	dir := rego(t, "decision := {\"allow\": true, \"tenant\": \"one\"}\n")
	s := k.stage(t, map[string]any{"directory": dir, "max_stale_seconds": 60})
	tenant := func() string {
		d := delivery(push())
		if err := s.Handle(t.Context(), d); err != nil {
			return err.Error()
		}
		return d.Event().Tenant
	}
	if got := tenant(); got != "one" {
		t.Fatalf("at first: %s", got)
	}
	save(t, dir, "decision := {\"allow\": true, \"tenant\": \"two\"}\n")
	eventually(t, "a change", func() bool { return tenant() == "two" })

	save(t, dir, "decision := {\"allow\": true, \"tenant\": input.evnt.name}\n")
	eventually(t, "the error in the log", func() bool {
		return strings.Contains(k.log.String(), "main.rego:5: rego_type_error: undefined ref: input.evnt.name")
	})
	if got := tenant(); got != "two" {
		t.Errorf("after a broken change: %s", got)
	}
	k.clock.add(61 * time.Second)
	if err := s.Handle(t.Context(), delivery(push())); !errors.Is(err, policy.ErrStale) {
		t.Errorf("a minute after a broken change: %v", err)
	}
	if stale := gauge(t, k, "webhook_edge_policy_stale_seconds"); stale != 61 {
		t.Errorf("stale for %v s, want 61", stale)
	}
	save(t, dir, "decision := {\"allow\": true, \"tenant\": \"three\"}\n")
	eventually(t, "the repair", func() bool { return tenant() == "three" })
	if generation := gauge(t, k, "webhook_edge_policy_generation"); generation != 3 {
		t.Errorf("generation %v after two good changes", generation)
	}
	if stale := gauge(t, k, "webhook_edge_policy_stale_seconds"); stale != 0 {
		t.Errorf("stale for %v s after the repair", stale)
	}
}

func gauge(t *testing.T, k *kit, name string) float64 {
	t.Helper()
	families, err := k.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}

func TestReload_neverLoadedPolicyRefuses(t *testing.T) {
	k := newKit(t)
	dir := filepath.Join(t.TempDir(), "later")
	s := k.stage(t, map[string]any{"directory": dir})
	var reject *pipeline.Reject
	if err := s.Handle(t.Context(), delivery(push())); !errors.Is(err, policy.ErrNone) || !errors.As(err, &reject) || reject.Code != pipeline.PolicyUnavailable {
		t.Fatalf("without a directory: %v", err)
	}
	if err := k.pool.Ready(t.Context()); !errors.Is(err, policy.ErrNone) {
		t.Errorf("ready says %v", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	save(t, dir, "decision := {\"allow\": true}\n")
	eventually(t, "the first policy", func() bool { return s.Handle(t.Context(), delivery(push())) == nil })
	if err := k.pool.Ready(t.Context()); err != nil {
		t.Errorf("ready says %v", err)
	}
}

func TestReload_concurrentDeliveriesAreDecidedRight(t *testing.T) {
	k := newKit(t)
	// A policy of any generation gives the two members the same value; a mixture would not.
	rules := func(n string) string {
		return "decision := {\"allow\": true, \"tenant\": a, \"subject\": [b]}\n\na := \"" + n + "\"\n\nb := \"" + n + "\"\n"
	}
	dir := rego(t, rules("n0"))
	s := k.stage(t, map[string]any{"directory": dir, "timeout_ms": 5000})
	ctx, stop := context.WithCancel(t.Context())
	var handled atomic.Int64
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for ctx.Err() == nil {
				d := delivery(push())
				if err := s.Handle(t.Context(), d); err != nil || d.Items[0].Targets[0].Subject != d.Event().Tenant {
					t.Errorf("error %v, items %+v", err, d.Items)
					return
				}
				handled.Add(1)
			}
		})
	}
	for _, n := range []string{"n1", "n2", "n3", "n4", "n5"} {
		save(t, dir, rules(n))
		eventually(t, "generation "+n, func() bool {
			d := delivery(push())
			return s.Handle(t.Context(), d) == nil && d.Event().Tenant == n
		})
	}
	stop()
	group.Wait()
	if handled.Load() == 0 {
		t.Error("nothing was handled meanwhile")
	}
}

func TestPool_equalSettingsShareOnePolicy(t *testing.T) {
	k := newKit(t)
	dir := rego(t, "decision := {\"allow\": true}\n")
	one, two := k.stage(t, map[string]any{"directory": dir}), k.stage(t, map[string]any{"directory": dir, "timeout_ms": 10})
	other := k.stage(t, map[string]any{"directory": dir, "headers": []string{"user-agent"}})
	if err := testutil.GatherAndCompare(k.registry, strings.NewReader(twoLoads), "webhook_edge_policy_loads_total"); err != nil {
		t.Errorf("three stages of two different settings: %v", err)
	}
	one.Close()
	if err := two.Handle(t.Context(), delivery(push())); err != nil {
		t.Errorf("after the first was closed: %v", err)
	}
	two.Close()
	other.Close()
	if n := testutil.CollectAndCount(k.registry, "webhook_edge_policy_age_seconds"); n != 0 {
		t.Errorf("a policy of nobody has an age")
	}
}

const twoLoads = `
# HELP webhook_edge_policy_loads_total Policies that were loaded, or could not be.
# TYPE webhook_edge_policy_loads_total counter
webhook_edge_policy_loads_total{result="failed"} 0
webhook_edge_policy_loads_total{result="ok"} 2
`

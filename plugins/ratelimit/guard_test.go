package ratelimit

import (
	"context"
	"testing"
	"time"

	"webhookedge/plugins/internal/pipeline"
)

// TestGuard_hotKeySaysWhenItsWindowEnds keeps the counts in a memory in
// Redis's place, which has the test's clock.
func TestGuard_hotKeySaysWhenItsWindowEnds(t *testing.T) {
	k := newKit(t)
	now := func() time.Time { return k.now }
	asked := &counting{store: newMemory(now, 64)}
	g := newGuard(asked, now, k.stores.metrics, func(bool) {})
	windows := []window{{key: "k", rate: per(1, time.Hour)}}
	steps := []struct {
		after time.Duration
		full  int
		local bool
		reset time.Duration
		asked int
	}{
		{0, -1, false, 0, 1},
		{10 * time.Minute, 0, false, 50 * time.Minute, 2},
		{900 * time.Millisecond, 0, true, 50*time.Minute - 900*time.Millisecond, 2},
		{100 * time.Millisecond, 0, false, 50*time.Minute - time.Second, 3},
		{50 * time.Minute, -1, false, 0, 4}, // the window ended, and what is remembered with it
	}
	for i, step := range steps {
		k.now = k.now.Add(step.after)
		var dst [1]count
		full, local, err := g.take(t.Context(), windows, dst[:])
		if err != nil || full != step.full || local != step.local || asked.times != step.asked {
			t.Fatalf("step %d: full %d, by memory %v, asked %d times, %v", i, full, local, asked.times, err)
		}
		if full >= 0 && dst[0].reset != step.reset {
			t.Errorf("step %d: ends in %v, want %v", i, dst[0].reset, step.reset)
		}
	}
}

// counting is a store that counts how often it is asked.
type counting struct {
	store
	times int
}

func (c *counting) take(ctx context.Context, windows []window, dst []count) (int, error) {
	c.times++
	return c.store.take(ctx, windows, dst)
}

func TestNew_bothPhasesShareTheTimeout(t *testing.T) {
	k := newKit(t)
	at := func(ms int, by ...string) *remote {
		cfg := Config{Store: StoreRedis, Redis: RedisConfig{Addresses: []string{"127.0.0.1:1"}, TimeoutMS: ms}}
		for _, b := range by {
			cfg.Limits = append(cfg.Limits, LimitConfig{Rate: "5-S", By: b})
		}
		return k.stage(t, cfg).remote.Value()
	}
	if at(50, "client_ip", "tenant") != at(25, "client_ip") {
		t.Error("a delivery that asks twice waits longer than one that asks once")
	}
	if at(50, "tenant", "event_type") != at(50, "route") {
		t.Error("a delivery that asks once waits for half of the time only")
	}
	if at(1, "client_ip", "tenant") != at(1, "client_ip") {
		t.Error("half of the shortest time is none")
	}
}

// TestMemory_addressesEvictNoOtherCount has more addresses than the memory
// has room for.
func TestMemory_addressesEvictNoOtherCount(t *testing.T) {
	k := newKit(t)
	k.stores.local = newMemory(k.stores.now, 1024)
	s := k.stage(t, limits("3000-H", "route", "100-D", "client_ip", "1-M", "tenant"))
	event := delivery("198.51.100.1")
	event.Items = tenants("a")
	if got := code(t, s.AfterNormalize(), event); got != pipeline.Accepted {
		t.Fatal(got)
	}
	codes := map[pipeline.Code]int{}
	for i := range 5000 {
		codes[code(t, s, delivery(addressOf(i)))]++
	}
	if codes[pipeline.Accepted] != 3000 || codes[pipeline.RateLimited] != 2000 {
		t.Errorf("of the route's 3000, %v", codes)
	}
	if n := k.stores.local.size.Load(); n > 1024+1024/8 {
		t.Errorf("%d counts", n)
	}
	if got := code(t, s.AfterNormalize(), event); got != pipeline.RateLimited {
		t.Errorf("the tenant's count left: %v", got)
	}
}

func TestMemory_refusedDeliveryTakesNoRoom(t *testing.T) {
	k := newKit(t)
	s := k.stage(t, limits("100-D", "client_ip", "1-H", "route"))
	for i := range 100 {
		code(t, s, delivery(addressOf(i)))
	}
	if n := k.stores.local.size.Load(); n != 2 { // of the one that passed, and of the route
		t.Errorf("%d counts", n)
	}
}

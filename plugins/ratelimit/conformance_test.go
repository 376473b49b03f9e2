package ratelimit

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"webhookedge/plugins/ratelimit/redistest"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
	"github.com/ulule/limiter/v3"
)

// stores are the two, each with a way to let time pass.
func eachStore(t *testing.T, f func(t *testing.T, s store, pass func(time.Duration))) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		var ahead atomic.Int64
		m := newMemory(func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }, 1<<16)
		f(t, m, func(d time.Duration) { ahead.Add(int64(d)) })
	})
	t.Run("redis", func(t *testing.T) {
		server := redistest.Start(t)
		f(t, storeOf(t, server), func(d time.Duration) {
			// Redis has its own clock: keys are brought nearer to their end instead.
			for _, key := range server.Do("KEYS", "*").([]any) {
				left := server.Do("PTTL", key).(int64) - d.Milliseconds()
				server.Do("PEXPIRE", key, max(left, 0))
			}
		})
	})
}

func per(n int64, period time.Duration) limiter.Rate { return limiter.Rate{Limit: n, Period: period} }

// counted reads what a store holds of a window, beside the store's own answers.
func counted(t *testing.T, s store, w *window) int64 {
	t.Helper()
	switch s := s.(type) {
	case *memory:
		return s.look(w, s.now().UnixNano()).n
	case *shared:
		n, err := s.client.Get(t.Context(), w.key).Int64()
		if err != nil && !errors.Is(err, redis.Nil) {
			t.Fatal(err)
		}
		return n
	}
	t.Fatalf("a store of type %T", s)
	return 0
}

// takes counts a delivery in windows of the given rates and returns how many
// each window has and which is full.
func takes(t *testing.T, s store, rates map[string]limiter.Rate, names ...string) (counts []int64, full int) {
	t.Helper()
	var windows []window
	for _, name := range names {
		windows = append(windows, window{key: "{test}:" + name, rate: rates[name]})
	}
	got := make([]count, len(windows))
	full, err := s.take(t.Context(), windows, got)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range windows {
		counts = append(counts, counted(t, s, &w))
		if c := got[i]; full >= 0 && (c.n != counts[i] || c.reset <= 0 || c.reset > w.rate.Period) {
			t.Errorf("%s has %d and ends in %v, told are %d", names[i], counts[i], c.reset, c.n)
		}
	}
	return counts, full
}

func TestStore_countsUpToTheLimit(t *testing.T) {
	eachStore(t, func(t *testing.T, s store, pass func(time.Duration)) {
		rates := map[string]limiter.Rate{"a": per(3, time.Hour), "b": per(1, time.Hour)}
		for want := int64(1); want <= 3; want++ {
			if got, full := takes(t, s, rates, "a"); got[0] != want || full != -1 {
				t.Fatalf("delivery %d: %d, full %d", want, got[0], full)
			}
		}
		for range 3 {
			if got, full := takes(t, s, rates, "a"); got[0] != 3 || full != 0 {
				t.Fatalf("over the limit: %d, full %d", got[0], full)
			}
		}
		if got, full := takes(t, s, rates, "b"); got[0] != 1 || full != -1 {
			t.Errorf("another key: %d, full %d", got[0], full)
		}
		pass(time.Hour)
		if got, full := takes(t, s, rates, "a"); got[0] != 1 || full != -1 {
			t.Errorf("the next window: %d, full %d", got[0], full)
		}
	})
}

func TestStore_windowBeginsWithItsFirstDelivery(t *testing.T) {
	eachStore(t, func(t *testing.T, s store, pass func(time.Duration)) {
		rates := map[string]limiter.Rate{"a": per(2, time.Hour)}
		takes(t, s, rates, "a")
		pass(50 * time.Minute)
		takes(t, s, rates, "a")
		if _, full := takes(t, s, rates, "a"); full != 0 {
			t.Error("a third passes before the window ends")
		}
		pass(11 * time.Minute) // the first delivery's hour is over, the second's is not
		if got, full := takes(t, s, rates, "a"); got[0] != 1 || full != -1 {
			t.Errorf("after the window: %d, full %d", got[0], full)
		}
	})
}

func TestStore_refusedDeliverySpendsNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, s store, _ func(time.Duration)) {
		rates := map[string]limiter.Rate{"one": per(1, time.Minute), "all": per(10, time.Hour), "later": per(5, time.Hour)}
		if got, full := takes(t, s, rates, "all", "one", "later"); full != -1 || cmp.Diff([]int64{1, 1, 1}, got) != "" {
			t.Fatalf("got %v, full %d", got, full)
		}
		for range 20 {
			if got, full := takes(t, s, rates, "all", "one", "later"); full != 1 || cmp.Diff([]int64{1, 1, 1}, got) != "" {
				t.Fatalf("got %v, full %d", got, full)
			}
		}
		if got, full := takes(t, s, rates, "all"); got[0] != 2 || full != -1 {
			t.Errorf("the others' window has %d", got[0])
		}
	})
}

func TestStore_namesTheFullWindowThatEndsLast(t *testing.T) {
	eachStore(t, func(t *testing.T, s store, _ func(time.Duration)) {
		rates := map[string]limiter.Rate{"short": per(1, time.Minute), "long": per(1, time.Hour)}
		takes(t, s, rates, "short", "long")
		if _, full := takes(t, s, rates, "short", "long"); full != 1 {
			t.Errorf("full %d, want the long one", full)
		}
	})
}

func TestStore_isExactWhenConcurrent(t *testing.T) {
	eachStore(t, func(t *testing.T, s store, _ func(time.Duration)) {
		var passed atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				var dst [1]count
				for range 50 {
					full, err := s.take(t.Context(), []window{{key: "{test}:many", rate: per(100, time.Hour)}}, dst[:])
					if err != nil {
						t.Error(err)
					} else if full < 0 {
						passed.Add(1)
					}
				}
			})
		}
		all.Wait()
		if passed.Load() != 100 {
			t.Errorf("%d passed a limit of 100", passed.Load())
		}
	})
}

func TestMemory_isBoundedAndEvictsTheOldest(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	m := newMemory(func() time.Time { return now }, 64*100)
	long := window{key: "kept", rate: per(1, time.Hour)}
	var dst [1]count
	if _, err := m.take(t.Context(), []window{long}, dst[:]); err != nil {
		t.Fatal(err)
	}
	for i, key := range keys("flood", 50_000) {
		if i%100 == 0 {
			now = now.Add(time.Second)
		}
		if _, err := m.take(t.Context(), []window{{key: key, rate: per(1, time.Minute)}}, dst[:]); err != nil {
			t.Fatal(err)
		}
	}
	if n := m.size.Load(); n > 64*100 {
		t.Errorf("%d counts", n)
	}
	if full, _ := m.take(t.Context(), []window{long}, dst[:]); full != 0 {
		t.Error("a count that ends late left before those that ended or end early")
	}
	now = now.Add(2 * time.Hour)
	m.sweep()
	if n := m.size.Load(); n != 0 {
		t.Errorf("%d counts after the last window", n)
	}
}

func TestKeys_ofADeliveryAreOneClusterSlot(t *testing.T) {
	s := &Stage{scope: "{webhook-edge:provider:github}", provider: "github"}
	rules, err := (&Config{Limits: []LimitConfig{{Rate: "5-S", By: "client_ip", Burst: 5}, {Rate: "5-S", By: "route"}, {Rate: "5-S", By: "header:x-a"}, {Rate: "5-S", By: "provider"}}}).rules()
	if err != nil {
		t.Fatal(err)
	}
	d := delivery("198.51.100.7")
	d.Route = "a}{b" // a route's name may hold anything
	d.Headers = append(d.Headers, header("x-a", "}{"))
	windows, err := s.windows(d, policies(rules, false), nil)
	if err != nil || len(windows) != 5 {
		t.Fatalf("%d windows, %v", len(windows), err)
	}
	tag := windows[0].key[:strings.Index(windows[0].key, "}")+1]
	for _, w := range windows {
		if !strings.HasPrefix(w.key, tag) || strings.Count(w.key, "{") != 1 || strings.Count(w.key, "}") != 1 {
			t.Errorf("key %s outside of %s", w.key, tag)
		}
	}
}

func TestRedis_windowWithoutTTLGetsOne(t *testing.T) {
	server := redistest.Start(t)
	s := storeOf(t, server)
	rates := map[string]limiter.Rate{"a": per(1, time.Hour)}
	takes(t, s, rates, "a")
	server.Do("PERSIST", "{test}:a")
	if _, full := takes(t, s, rates, "a"); full != 0 {
		t.Error("passes")
	}
	if left := server.Do("PTTL", "{test}:a").(int64); left <= 0 || left > time.Hour.Milliseconds() {
		t.Errorf("ends in %d ms", left)
	}
}

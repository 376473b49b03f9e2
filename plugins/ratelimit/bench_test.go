package ratelimit

import (
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	limitermemory "github.com/ulule/limiter/v3/drivers/store/memory"
	limiterredis "github.com/ulule/limiter/v3/drivers/store/redis"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/ratelimit/redistest"
)

func BenchmarkMemory(b *testing.B) {
	run := func(name string, cfg Config) {
		b.Run(name, func(b *testing.B) {
			s := newLiveKit(b).stage(b, cfg)
			d := delivery("198.51.100.7")
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Handle(b.Context(), d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("one limit", limits("1000000000-D", "client_ip"))
	run("three limits", limits("1000000000-D", "client_ip", "1000000000-D", "client_net", "1000000000-D", "route"))
	b.Run("the library's store, one limit", func(b *testing.B) {
		l := limitermemory.NewStore()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := l.Get(b.Context(), "client_ip:198.51.100.7", per(1_000_000_000, 24*time.Hour)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkRedis takes turns with one bare round trip of the same client, so
// that both see the same machine, and reports medians and their ratio. The
// baseline's command is the cheapest that counts.
func BenchmarkRedis(b *testing.B) {
	server := redistest.Start(b)
	store := storeOf(b, server)
	three := onRedis(server.Address(), "1000000000-D", OnErrorLocal)
	three.Limits = limits("1000000000-D", "client_ip", "1000000000-D", "client_net", "1000000000-D", "route").Limits
	for name, cfg := range map[string]Config{"one limit": onRedis(server.Address(), "1000000000-D", OnErrorLocal), "three limits": three} {
		b.Run(name, func(b *testing.B) {
			k := newLiveKit(b)
			s, d := k.stage(b, cfg), delivery("198.51.100.7")
			beside(b, func() error { return store.client.Incr(b.Context(), "{bare}:key").Err() }, func() error { return s.Handle(b.Context(), d) })
			if n := k.count("checks_total", "enforce", "github", "passed"); n < float64(b.N) || k.count("stores_down") != 0 {
				b.Fatalf("Redis counted %v of %d", n, b.N)
			}
		})
	}
	b.Run("the library's store, three limits", func(b *testing.B) {
		l, err := limiterredis.NewStore(store.client)
		if err != nil {
			b.Fatal(err)
		}
		beside(b, func() error { return store.client.Incr(b.Context(), "{bare}:key").Err() }, func() error {
			for _, key := range []string{"a", "b", "c"} {
				if _, err := l.Get(b.Context(), key, per(1_000_000_000, 24*time.Hour)); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// beside runs two functions in turns and reports the median of each, and that of
// the second as times the first's.
func beside(b *testing.B, bare, whole func() error) {
	b.Helper()
	took := [2][]time.Duration{}
	for b.Loop() {
		for i, f := range []func() error{bare, whole} {
			start := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			took[i] = append(took[i], time.Since(start))
		}
	}
	var median [2]float64
	for i := range took {
		slices.Sort(took[i])
		median[i] = float64(took[i][len(took[i])/2].Nanoseconds())
	}
	b.ReportMetric(median[0], "bare-ns")
	b.ReportMetric(median[1], "whole-ns")
	b.ReportMetric(median[1]/median[0], "x-bare")
}

// BenchmarkDeadRedis is what a delivery costs while Redis is left alone.
func BenchmarkDeadRedis(b *testing.B) {
	for _, onError := range []string{OnErrorLocal, OnErrorAllow, OnErrorRefuse} {
		b.Run(onError, func(b *testing.B) {
			k := newLiveKit(b)
			s, d := k.stage(b, onRedis("127.0.0.1:1", "1000000000-D", onError)), delivery("198.51.100.7")
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Handle(b.Context(), d); (err != nil) != (onError == OnErrorRefuse) {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestMemory_aMillionKeysStaySmall floods the memory with distinct values, twice as many
// as it has room for.
func TestMemory_aMillionKeysStaySmall(t *testing.T) {
	long := strings.Repeat("x", 4<<10)
	tests := map[string]struct {
		by      string
		flood   int
		of      func(*pipeline.Delivery, int)
		atLeast int64
	}{
		"addresses": {"client_ip", 2_000_000, func(d *pipeline.Delivery, i int) {
			d.ClientIP = netip.AddrFrom4([4]byte{11, byte(i >> 16), byte(i >> 8), byte(i)})
		}, 1_000_000},
		"long headers": {"header:x-account", 100_000, func(d *pipeline.Delivery, i int) {
			d.Headers = pipeline.Headers{header("x-account", strconv.Itoa(i)+long)}
		}, 100_000},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			k := newLiveKit(t)
			s := k.stage(t, limits("5-H", tc.by))
			before := heap()
			d := &pipeline.Delivery{Route: "github"}
			for i := range tc.flood {
				tc.of(d, i)
				if err := s.Handle(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}
			grown, kept := int64(heap()-before), k.stores.local.size.Load()
			t.Logf("%d counts take %d MB", kept, grown>>20)
			if kept < tc.atLeast || kept > maxKeys {
				t.Errorf("%d counts", kept)
			}
			if grown > 200<<20 || grown > 200*kept {
				t.Errorf("%d MB", grown>>20)
			}
		})
	}
}

// heap is what is in use after a collection, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

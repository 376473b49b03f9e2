package ratelimit

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"testing"
	"time"

	limitermemory "github.com/ulule/limiter/v3/drivers/store/memory"
	limiterredis "github.com/ulule/limiter/v3/drivers/store/redis"

	"webhookedge/plugins/internal/pipeline"
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

// BenchmarkRedis is to be read against one bare round trip of the same client.
func BenchmarkRedis(b *testing.B) {
	server := startRedis(b)
	store := server.client()
	b.Run("bare round trip", func(b *testing.B) {
		for b.Loop() {
			if err := store.client.Ping(b.Context()).Err(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare round trip of a script that counts", func(b *testing.B) {
		script := store.script.Hash()
		if err := store.client.ScriptLoad(b.Context(), takeScript).Err(); err != nil {
			b.Fatal(err)
		}
		keys, args := []string{"{bare}:key"}, []any{1, 1_000_000_000, 86_400_000}
		for b.Loop() {
			if err := store.client.EvalSha(b.Context(), script, keys, args...).Err(); err != nil {
				b.Fatal(err)
			}
		}
	})
	run := func(name string, cfg Config) {
		b.Run(name, func(b *testing.B) {
			k := newLiveKit(b)
			s := k.stage(b, cfg)
			d := delivery("198.51.100.7")
			for b.Loop() {
				if err := s.Handle(b.Context(), d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("one limit", onRedis(server.address(), "1000000000-D", OnErrorLocal))
	three := onRedis(server.address(), "1000000000-D", OnErrorLocal)
	three.Limits = limits("1000000000-D", "client_ip", "1000000000-D", "client_net", "1000000000-D", "route").Limits
	run("three limits", three)
	b.Run("the library's store, three limits", func(b *testing.B) {
		l, err := limiterredis.NewStore(store.client)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			for _, key := range []string{"a", "b", "c"} {
				if _, err := l.Get(b.Context(), key, per(1_000_000_000, 24*time.Hour)); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// TestAMillionAddressesStaySmall floods the memory with distinct addresses, twice
// as many as it has room for.
func TestAMillionAddressesStaySmall(t *testing.T) {
	k := newLiveKit(t)
	s := k.stage(t, limits("5-H", "client_ip"))
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	d := &pipeline.Delivery{Route: "github"}
	for i := range uint32(2_000_000) {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], 0x0b000000+i)
		d.ClientIP = netip.AddrFrom4(a)
		if err := s.Handle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	grown := int64(heap() - before)
	kept := k.stores.local.size.Load()
	t.Logf("%d counts take %d MB", kept, grown>>20)
	if kept < 1_000_000 || kept > maxKeys {
		t.Errorf("%d counts", kept)
	}
	if grown > 200<<20 {
		t.Errorf("%d MB", grown>>20)
	}
}

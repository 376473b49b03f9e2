package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/ratelimit/redistest"
)

// hang is what no delivery may come near, even on a machine that does much
// else; the promise is 50 ms.
const hang = 4 * time.Second

// onRedis is a config of one limit that a server at addr keeps. Its time-out is ten
// times the longest that settings allow, so that only a Redis that fails is late.
func onRedis(addr, rate, onError string) Config {
	cfg := limits(rate, "client_ip")
	cfg.Store, cfg.OnStoreError = StoreRedis, onError
	cfg.Redis = RedisConfig{Addresses: []string{addr}, TimeoutMS: 500, PoolSize: 8, Prefix: "webhook-edge"}
	return cfg
}

// offered is how n deliveries end, several at once.
func offered(t *testing.T, s *Stage, n int, addr string) map[pipeline.Code]int {
	t.Helper()
	got := map[pipeline.Code]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range n / 4 {
				start := time.Now()
				c := code(t, s, delivery(addr))
				if took := time.Since(start); took > hang {
					t.Errorf("a delivery waited %v", took)
				}
				mu.Lock()
				got[c]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return got
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// counted reports whether Redis counted a delivery of an address of its own.
func (k *kit) counted(t *testing.T, s *Stage, i *int) bool {
	t.Helper()
	before := k.count("store_errors_total", failedTimeout) + k.count("store_errors_total", failedConnection) + k.count("store_errors_total", failedServer) + k.count("store_errors_total", failedOpen)
	*i++
	code(t, s, delivery(fmt.Sprintf("192.0.2.%d", *i%250)))
	after := k.count("store_errors_total", failedTimeout) + k.count("store_errors_total", failedConnection) + k.count("store_errors_total", failedServer) + k.count("store_errors_total", failedOpen)
	return before == after
}

// TestRedisFault_onStoreError breaks a real server in several ways while deliveries come
// in. The limit is of a day, so that no window ends on the way.
func TestRedisFault_onStoreError(t *testing.T) {
	faults := map[string]struct{ harm, heal func(*redistest.Server) }{
		"killed and started again": {(*redistest.Server).Kill, (*redistest.Server).Start},
		"stopped by a signal":      {func(s *redistest.Server) { s.Signal(syscall.SIGSTOP) }, func(s *redistest.Server) { s.Signal(syscall.SIGCONT) }},
		"full": {
			func(s *redistest.Server) { s.Do("CONFIG", "SET", "maxmemory", "1") },
			func(s *redistest.Server) { s.Do("CONFIG", "SET", "maxmemory", "0") },
		},
		"its scripts forgotten": {func(s *redistest.Server) { s.Do("SCRIPT", "FLUSH"); s.Do("CONFIG", "SET", "maxmemory", "1") }, func(s *redistest.Server) { s.Do("CONFIG", "SET", "maxmemory", "0") }},
	}
	for name, f := range faults {
		for onError, want := range map[string]map[pipeline.Code]int{
			OnErrorLocal:  {pipeline.Accepted: 20, pipeline.RateLimited: 20}, // each process by itself
			OnErrorAllow:  {pipeline.Accepted: 40},
			OnErrorRefuse: {pipeline.LimiterUnavailable: 40},
		} {
			t.Run(name+", on_store_error "+onError, func(t *testing.T) {
				t.Parallel() // each with a server of its own, which it waits for
				server := redistest.Start(t, "--maxmemory-policy", "noeviction")
				k := newLiveKit(t)
				s := k.stage(t, onRedis(server.Address(), "20-D", onError))
				i := 0
				eventually(t, "Redis counts", func() bool { return k.counted(t, s, &i) })
				if got := offered(t, s, 12, "198.51.100.7"); got[pipeline.Accepted] != 12 {
					t.Fatalf("before: %v", got)
				}
				f.harm(server)
				if got := offered(t, s, 40, "198.51.100.8"); !equal(got, want) {
					t.Errorf("meanwhile: %v, want %v\n%s", got, want, k.log)
				}
				f.heal(server)
				eventually(t, "Redis counts again", func() bool { return k.counted(t, s, &i) })
				left := 8 // of the twenty, twelve were counted before
				if strings.HasPrefix(name, "killed") {
					left = 20 // a Redis without persistence begins anew
				}
				if got := offered(t, s, 40, "198.51.100.7"); got[pipeline.Accepted] != left || got[pipeline.RateLimited] != 40-left {
					t.Errorf("after: %v, want %d accepted", got, left)
				}
				if !strings.Contains(k.log.String(), "does not answer") || k.count("stores_down") != 0 {
					t.Errorf("%v stores down, and the log is\n%s", k.count("stores_down"), k.log)
				}
			})
		}
	}
}

// answered is how many deliveries within their limit came to an end.
func (k *kit) answered() (n float64) {
	for _, r := range []result{resultPassed, resultPassedUncounted, resultUnavailable} {
		n += k.count("checks_total", "enforce", "github", r.String())
	}
	return n
}

// TestRedisFault_noDeliveryIsLost sends without a pause while the server
// is killed, started, stopped, woken, filled and emptied, and counts what comes of
// deliveries that are all within their limit.
func TestRedisFault_noDeliveryIsLost(t *testing.T) {
	server := redistest.Start(t, "--maxmemory-policy", "noeviction")
	kits := map[string]*kit{}
	ended, stop := context.WithCancel(t.Context())
	var senders sync.WaitGroup
	got := map[string]map[pipeline.Code]int{}
	for _, onError := range []string{OnErrorLocal, OnErrorAllow, OnErrorRefuse} {
		k := newLiveKit(t)
		s := k.stage(t, onRedis(server.Address(), "1000000000-D", onError))
		counts := map[pipeline.Code]int{}
		kits[onError], got[onError] = k, counts
		senders.Go(func() {
			for i := 0; ended.Err() == nil; i++ {
				c := code(t, s, delivery(addressOf(i%1000)))
				counts[c]++ // read when the senders have ended
			}
		})
	}
	for range 2 {
		for _, step := range []func(){
			server.Kill, server.Start,
			func() { server.Signal(syscall.SIGSTOP) }, func() { server.Signal(syscall.SIGCONT) },
			func() { server.Do("CONFIG", "SET", "maxmemory", "1") }, func() { server.Do("CONFIG", "SET", "maxmemory", "0") },
		} {
			step()
			for onError, k := range kits { // every way has seen the step
				before := k.answered()
				eventually(t, onError+" goes on", func() bool { return k.answered() > before+10 })
			}
		}
	}
	for onError, k := range kits {
		eventually(t, onError+" counts in Redis again", func() bool { return k.count("stores_down") == 0 })
	}
	stop()
	senders.Wait()
	for onError, codes := range got {
		delete(codes, pipeline.Accepted)
		if onError == OnErrorRefuse {
			delete(codes, pipeline.LimiterUnavailable)
		}
		if len(codes) > 0 {
			t.Errorf("%s: %v", onError, codes)
		}
	}
}

func equal(a, b map[pipeline.Code]int) bool {
	for c := range b {
		if a[c] != b[c] {
			return false
		}
	}
	return len(a) == len(b)
}

func TestRedisFault_slowServerCostsTheTimeout(t *testing.T) {
	server := redistest.Start(t)
	proxy := startBetween(t, server.Address())
	k := newLiveKit(t)
	cfg := onRedis(proxy.l.Addr().String(), "20-D", OnErrorLocal)
	cfg.Redis.TimeoutMS = 50
	s := k.stage(t, cfg)
	i := 0
	eventually(t, "Redis counts", func() bool { return k.counted(t, s, &i) })
	proxy.set(time.Second)
	start := time.Now()
	if got := offered(t, s, 20, "198.51.100.7"); got[pipeline.Accepted] != 20 {
		t.Errorf("meanwhile: %v", got)
	}
	if took := time.Since(start); took > hang { // at a second each it would be five at least
		t.Errorf("20 deliveries took %v", took)
	}
	if k.count("store_errors_total", failedTimeout) == 0 || k.count("store_errors_total", failedOpen) == 0 {
		t.Errorf("not counted as slow: %v time-outs, %v left alone", k.count("store_errors_total", failedTimeout), k.count("store_errors_total", failedOpen))
	}
	proxy.set(0)
	eventually(t, "Redis counts again", func() bool { return k.counted(t, s, &i) })
}

func TestRedisFault_deadServerIsLeftAlone(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	k := newLiveKit(t)
	s := k.stage(t, onRedis(addr, "1000000-D", OnErrorLocal))
	if got := offered(t, s, 2000, "198.51.100.7"); got[pipeline.Accepted] != 2000 {
		t.Errorf("got %v", got)
	}
	if asked := 2000 - k.count("store_errors_total", failedOpen); asked > 100 {
		t.Errorf("asked %v times of 2000", asked)
	}
}

func TestGuard_hotKeyIsRefusedWithoutRedis(t *testing.T) {
	server := redistest.Start(t)
	k := newLiveKit(t)
	s := k.stage(t, onRedis(server.Address(), "5-D", OnErrorRefuse))
	i := 0
	eventually(t, "Redis counts", func() bool { return k.counted(t, s, &i) })
	if got := offered(t, s, 400, "198.51.100.7"); got[pipeline.Accepted] > 5 {
		t.Errorf("got %v", got)
	}
	if hot, asked := k.count("checks_total", "enforce", "github", "refused_hot"), k.count("checks_total", "enforce", "github", "refused"); hot < 4*asked {
		t.Errorf("%v refused without asking, %v by asking", hot, asked)
	}
	server.Kill()
	if got := code(t, s, delivery("198.51.100.7")); got == pipeline.Accepted {
		t.Errorf("passed, though over its limit and with on_store_error refuse")
	}
}

func TestRedis_processesShareCounts(t *testing.T) {
	server := redistest.Start(t)
	a, b := newLiveKit(t), newLiveKit(t)
	first, second := a.stage(t, onRedis(server.Address(), "20-D", OnErrorRefuse)), b.stage(t, onRedis(server.Address(), "20-D", OnErrorRefuse))
	i := 0
	eventually(t, "Redis counts", func() bool { return a.counted(t, first, &i) && b.counted(t, second, &i) })
	x, y := offered(t, first, 16, "198.51.100.7"), offered(t, second, 16, "198.51.100.7")
	if n := x[pipeline.Accepted] + y[pipeline.Accepted]; n != 20 || x[pipeline.LimiterUnavailable]+y[pipeline.LimiterUnavailable] != 0 {
		t.Errorf("%v and %v", x, y)
	}
}

func TestRedis_aclUserAndURL(t *testing.T) {
	server := redistest.Start(t)
	server.Do("ACL", "SETUSER", "edge", "on", ">pass", "~{webhook-edge:*", "+evalsha", "+eval", "+incr", "+decr", "+del", "+pexpire", "+pttl", "+hello", "+client", "+select", "+auth", "+ping")
	k := newLiveKit(t)
	cfg := limits("2-D", "client_ip")
	cfg.Store, cfg.OnStoreError = StoreRedis, OnErrorRefuse
	cfg.Redis = RedisConfig{TimeoutMS: 500, PoolSize: 2, Prefix: "webhook-edge"}
	if err := cfg.Redis.URL.UnmarshalText([]byte("redis://edge:pass@" + server.Address() + "/3")); err != nil {
		t.Fatal(err)
	}
	s := k.stage(t, cfg)
	i := 0
	eventually(t, "Redis counts", func() bool { return k.counted(t, s, &i) })
	if got := offered(t, s, 4, "198.51.100.7"); got[pipeline.Accepted] != 2 || got[pipeline.RateLimited] != 2 {
		t.Errorf("got %v", got)
	}
	if info := fmt.Sprint(server.Do("INFO", "keyspace")); !strings.Contains(info, "db3:") {
		t.Errorf("not in database 3: %s", info)
	}
}

func TestGuard_expiredDeliveryIsNoFailureOfRedis(t *testing.T) {
	server := redistest.Start(t)
	k := newLiveKit(t)
	s := k.stage(t, onRedis(server.Address(), "1000-D", OnErrorLocal))
	i := 0
	eventually(t, "Redis counts", func() bool { return k.counted(t, s, &i) })
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		if err := s.Handle(ended, delivery("198.51.100.7")); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if !k.counted(t, s, &i) || k.count("stores_down") != 0 {
		t.Error("Redis is left alone for deliveries that gave up")
	}
}

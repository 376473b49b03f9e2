package ratelimit

import (
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/ratelimit/redistest"
)

// startSentinel starts a server and a Sentinel that watches it.
func startSentinel(t *testing.T) (cfg RedisConfig, master, sentinel *redistest.Server) {
	t.Helper()
	master = redistest.Start(t)
	sentinel = watch(t, master.Port, func(port string) string { return "port " + port })
	knows(t, &redis.Options{Addr: sentinel.Address()}, 0)
	return RedisConfig{Addresses: []string{sentinel.Address()}, SentinelMaster: "edge"}, master, sentinel
}

// watch starts a Sentinel of the server at a port, with more settings on a port of its own.
func watch(t *testing.T, of string, settings func(port string) string) *redistest.Server {
	t.Helper()
	port := redistest.FreePort(t)
	file := filepath.Join(t.TempDir(), "sentinel.conf")
	text := fmt.Sprintf("bind 127.0.0.1\nsentinel monitor edge 127.0.0.1 %s 1\nsentinel down-after-milliseconds edge 300\n%s\n", of, settings(port))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return redistest.Sentinel(t, port, file)
}

// knows waits until a Sentinel knows its master and so many replicas.
func knows(t *testing.T, sentinel *redis.Options, replicas int) {
	t.Helper()
	c := redis.NewSentinelClient(sentinel)
	defer c.Close()
	eventually(t, "the Sentinel knows its servers", func() bool {
		addr, err := c.GetMasterAddrByName(t.Context(), "edge").Result()
		if err != nil || len(addr) != 2 {
			return false
		}
		found, err := c.Replicas(t.Context(), "edge").Result()
		return err == nil && len(found) == replicas
	})
}

// replicated waits until the replica of a server has all that the server has.
func replicated(t *testing.T, master *redistest.Server) {
	t.Helper()
	c := master.Admin()
	defer c.Close()
	one := c.Conn() // WAIT is about what its connection has written, and what was before that
	defer one.Close()
	if err := one.Set(t.Context(), "last", "", 0).Err(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the replica has everything", func() bool { return one.Wait(t.Context(), 1, time.Second).Val() == 1 })
}

func TestRedis_sentinel(t *testing.T) {
	cfg, _, _ := startSentinel(t)
	countsWith(t, cfg)
}

// TestRedis_sentinelFailover loses the master of a pair that is reached by URL, with TLS
// and passwords of both kinds, and goes on with the counts that the replica has.
func TestRedis_sentinelFailover(t *testing.T) {
	const password, watcher = "of-the-limits", "of-the-sentinels"
	cert, key := certificate(t)
	encrypted := func(port string, more ...string) []string {
		return append([]string{
			"--tls-port", port, "--tls-replication", "yes", "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert, "--tls-auth-clients", "no",
			"--requirepass", password, "--masterauth", password, "--repl-diskless-sync-delay", "0",
		}, more...)
	}
	port := redistest.FreePort(t)
	master := redistest.Start(t, encrypted(port)...)
	replica := redistest.Start(t, encrypted(redistest.FreePort(t), "--replicaof", "127.0.0.1 "+port)...)
	sentinel := watch(t, port, func(port string) string {
		return "port 0\ntls-port " + port + "\ntls-replication yes\ntls-cert-file " + cert + "\ntls-key-file " + key + "\ntls-ca-cert-file " + cert +
			"\ntls-auth-clients no\nrequirepass " + watcher + "\nsentinel auth-pass edge " + password
	})
	knows(t, &redis.Options{Addr: sentinel.Address(), Password: watcher, TLSConfig: &tls.Config{InsecureSkipVerify: true}}, 1)

	k := newLiveKit(t)
	all := limits("20-D", "client_ip")
	all.Store, all.OnStoreError = StoreRedis, OnErrorRefuse
	all.Redis = RedisConfig{
		URL: config.NewSecret("rediss+sentinel://:" + password + "@" + sentinel.Address() + "/1?master_name=edge"), SentinelPassword: config.NewSecret(watcher),
		TLS: TLSConfig{CAFile: cert}, TimeoutMS: 2000, PoolSize: 4, Prefix: "webhook-edge",
	}
	s := k.stage(t, all)
	i := 0
	eventually(t, "Redis counts", func() bool { return k.counted(t, s, &i) })
	if got := offered(t, s, 12, "198.51.100.7"); got[pipeline.Accepted] != 12 {
		t.Fatalf("before: %v\n%s", got, k.log)
	}
	replicated(t, master)
	master.Kill()
	start := time.Now()
	eventually(t, "the replica counts", func() bool { return k.counted(t, s, &i) })
	t.Logf("counted again after %v", time.Since(start))
	if got := offered(t, s, 40, "198.51.100.7"); got[pipeline.Accepted] != 8 || got[pipeline.RateLimited] != 32 {
		t.Errorf("after: %v\n%s", got, k.log)
	}
	if role := replica.Do("ROLE").([]any)[0]; role != "master" {
		t.Errorf("the replica is a %v", role)
	}
	if strings.Contains(k.log.String(), password) || strings.Contains(k.log.String(), watcher) {
		t.Errorf("a password is in the log:\n%s", k.log)
	}
}

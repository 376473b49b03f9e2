package ratelimit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/ratelimit/redistest"
)

// countsWith fails unless a Redis reached by cfg counts two limits of a delivery.
func countsWith(t *testing.T, cfg RedisConfig) {
	t.Helper()
	k := newLiveKit(t)
	all := limits("2-D", "client_ip", "1000-D", "route")
	cfg.TimeoutMS, cfg.PoolSize, cfg.Prefix = 2000, 2, "webhook-edge"
	all.Store, all.OnStoreError, all.Redis = StoreRedis, OnErrorRefuse, cfg
	s := k.stage(t, all)
	i := 0
	eventually(t, "Redis counts", func() bool { return k.counted(t, s, &i) })
	if got := offered(t, s, 4, "198.51.100.7"); got[pipeline.Accepted] != 2 || got[pipeline.RateLimited] != 2 {
		t.Errorf("got %v\n%s", got, k.log)
	}
}

// startCluster starts a cluster of two servers, of which the settings name the
// first.
func startCluster(t *testing.T) (RedisConfig, []*redistest.Server) {
	t.Helper()
	both := []*redistest.Server{redistest.Start(t, "--cluster-enabled", "yes"), redistest.Start(t, "--cluster-enabled", "yes")}
	both[0].Do("CLUSTER", "ADDSLOTSRANGE", 0, 8191)
	both[1].Do("CLUSTER", "ADDSLOTSRANGE", 8192, 16383)
	both[0].Do("CLUSTER", "MEET", "127.0.0.1", both[1].Port)
	for _, s := range both {
		eventually(t, "the cluster is up", func() bool {
			return strings.Contains(fmt.Sprint(s.Do("CLUSTER", "INFO")), "cluster_state:ok")
		})
	}
	return RedisConfig{Addresses: []string{both[0].Address()}, Cluster: true}, both
}

// TestRedis_cluster is told of each server alone; one of them does not
// have the slot.
func TestRedis_cluster(t *testing.T) {
	cfg, servers := startCluster(t)
	for _, s := range servers {
		cfg.Addresses = []string{s.Address()}
		countsWith(t, cfg)
		for _, each := range servers {
			each.Do("FLUSHALL")
		}
	}
}

// TestRedisFault_hangingServerCostsTheTimeout stops every process of each kind of
// Redis, before its first delivery and after it.
func TestRedisFault_hangingServerCostsTheTimeout(t *testing.T) {
	kinds := map[string]func(*testing.T) (RedisConfig, []*redistest.Server){
		"a single server": func(t *testing.T) (RedisConfig, []*redistest.Server) {
			s := redistest.Start(t)
			return RedisConfig{Addresses: []string{s.Address()}}, []*redistest.Server{s}
		},
		"a cluster": startCluster,
		"Sentinels": func(t *testing.T) (RedisConfig, []*redistest.Server) {
			cfg, master, sentinel := startSentinel(t)
			return cfg, []*redistest.Server{master, sentinel}
		},
	}
	for name, start := range kinds {
		for _, warm := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, connected before %v", name, warm), func(t *testing.T) {
				t.Parallel() // it waits, most of the time
				redis, servers := start(t)
				cfg := onRedis("", "1000-D", OnErrorRefuse)
				redis.TimeoutMS, redis.PoolSize, redis.Prefix = 50, 8, "webhook-edge"
				cfg.Redis = redis
				k := newLiveKit(t)
				s := k.stage(t, cfg)
				if i := 0; warm {
					eventually(t, "Redis counts", func() bool { return k.counted(t, s, &i) })
				}
				for _, server := range servers {
					server.Signal(syscall.SIGSTOP)
				}
				start := time.Now()
				if got := offered(t, s, 12, "198.51.100.7"); got[pipeline.LimiterUnavailable] != 12 {
					t.Errorf("got %v", got)
				}
				t.Logf("12 deliveries, four at once, took %v", time.Since(start))
			})
		}
	}
}

// certificate writes one of its own authority for 127.0.0.1.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "redis of a test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
}

func TestRedis_clientCertificate(t *testing.T) {
	cert, key := certificate(t)
	port := redistest.FreePort(t)
	server := redistest.Start(t, "--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert, "--tls-auth-clients", "yes")
	both := TLSConfig{CAFile: cert, CertFile: cert, KeyFile: key}
	t.Run("by addresses", func(t *testing.T) {
		countsWith(t, RedisConfig{Addresses: []string{"127.0.0.1:" + port}, TLS: both})
	})
	t.Run("by URL", func(t *testing.T) {
		server.Do("FLUSHALL")
		countsWith(t, RedisConfig{URL: config.NewSecret("rediss://127.0.0.1:" + port), TLS: both})
	})
	t.Run("an authority that is not known", func(t *testing.T) {
		k := newLiveKit(t)
		cfg := onRedis("127.0.0.1:"+port, "5-D", OnErrorRefuse)
		cfg.Redis.TLS = TLSConfig{Required: true}
		if got := code(t, k.stage(t, cfg), delivery("198.51.100.7")); got != pipeline.LimiterUnavailable {
			t.Errorf("got %v", got)
		}
	})
}

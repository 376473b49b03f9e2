package kong_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local"
	"webhookedge/kong/local/process"
	"webhookedge/plugins/streams"
)

// natsStore is what streams may reserve, in bytes: no part of the machine's disk.
const natsStore = 64 << 30

// loopback starts a node of nats.conf on free ports of the loopback address. Small
// messages are enough for it to be shown a large one.
func loopback(t *testing.T, o *server.Options, name string, change func(*server.Options)) *server.Server {
	t.Helper()
	own := o.Clone()
	own.ServerName, own.Host, own.Port, own.HTTPPort, own.StoreDir, own.JetStreamMaxStore = name, "127.0.0.1", server.RANDOM_PORT, 0, t.TempDir(), natsStore
	own.NoLog, own.NoSigs, own.MaxPayload = true, true, 64<<10
	change(own)
	n, err := server.NewServer(own)
	if err != nil {
		t.Fatal(err)
	}
	n.Start()
	t.Cleanup(func() { n.Shutdown(); n.WaitForShutdown() })
	if !n.ReadyForConnections(10 * time.Second) {
		t.Fatalf("%s does not start", name)
	}
	return n
}

// startClusterNodes starts three nodes that are set as those of compose.yml are, and
// makes the streams of streams.yml.
func startClusterNodes(t *testing.T) (nodes []*server.Server) {
	t.Helper()
	o := clusterNode(t, environment(t, clusterProject(t), "nats-1"))
	var routes []*url.URL
	for range 3 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		routes = append(routes, &url.URL{Scheme: "nats", Host: l.Addr().String(), User: o.Routes[0].User})
		l.Close()
	}
	for i := range routes {
		nodes = append(nodes, loopback(t, o, fmt.Sprint("nats-", i+1), func(own *server.Options) {
			own.Routes, own.Cluster.Host = routes, "127.0.0.1"
			if _, err := fmt.Sscan(routes[i].Port(), &own.Cluster.Port); err != nil {
				t.Fatal(err)
			}
		}))
	}
	specs, err := streams.Load(filepath.Join("cluster", "streams.yml"))
	if err != nil {
		t.Fatal(err)
	}
	js := clusterClient(t, nodes[0], "admin")
	for i := range specs {
		if specs[i].Replicas != len(nodes) {
			t.Errorf("%s has %d replicas", specs[i].Name, specs[i].Replicas)
		}
		soon(t, specs[i].Name+" is made", func() error {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			_, err := streams.Ensure(ctx, js, &specs[i])
			return err
		})
	}
	return nodes
}

// soon repeats f until it does not fail, for up to 20 s.
func soon(t *testing.T, what string, f func() error) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("never: %s: %v", what, err)
		}
	}
}

func clusterClient(t *testing.T, node *server.Server, user string) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(node.ClientURL(), nats.UserInfo(user, clusterSecrets()["NATS_"+strings.ToUpper(user)+"_PASSWORD"]), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})) // refusals are wanted
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// TestCluster_isServedAsShipped sends deliveries, one too large for a message, through
// kong.yml to nodes that are set as nats.conf says.
func TestCluster_isServedAsShipped(t *testing.T) {
	nodes := startClusterNodes(t)
	env := environment(t, clusterProject(t), "kong-1")
	for i, n := range nodes {
		env[fmt.Sprint("NATS_URL_", i+1)] = n.ClientURL()
	}
	const secret = "secret-of-the-test"
	env["GITHUB_WEBHOOK_SECRET"], env["STRIPE_WEBHOOK_SECRET"], env["WEBHOOK_JOURNAL_DIR"] = secret, secret, t.TempDir()
	// Nobody is there: on_store_error applies.
	env["REDIS_URL"] = "redis+sentinel://:" + env["REDIS_PASSWORD"] + "@127.0.0.1:1/0?master_name=limits"
	var mu sync.Mutex
	var log strings.Builder
	s, err := local.New(t.Context(), local.Options{
		Config: []byte(read(t, "kong/cluster/kong.yml")), Listen: "127.0.0.1:0", NoWatch: true, NoBuild: true, PluginDir: binary(""),
		Env:           func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		PluginServers: process.Servers(read(t, "kong/kong.conf")), Variables: process.Variables(read(t, "kong/kong.conf")),
		PluginLine: func(_, line string) { mu.Lock(); defer mu.Unlock(); log.WriteString(line + "\n") },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%.3000s", log.String())
		}
	})
	for id, fill := range map[string]int{"small": 10, "large": 100_000} {
		body := fmt.Sprintf(`{"action":"opened","issue":{"number":1},"repository":{"full_name":"o/r"},"fill":%q}`, strings.Repeat("x", fill))
		soon(t, id+" is stored", func() error {
			answer, err := deliver(t, "http://"+s.Addr().String()+"/webhooks/github", id, secret, body)
			if err == nil && answer != "broker" && answer != "duplicate" {
				err = errors.New("the ack is " + answer)
			}
			return err
		})
	}
	mu.Lock()
	defer mu.Unlock()
	if text := strings.ToLower(log.String()); strings.Contains(text, "permission") || strings.Contains(text, secret) {
		t.Errorf("the log is\n%s", text)
	}
	refused(t, nodes[1])
}

// deliver sends a delivery of GitHub's and returns Webhook-Ack.
func deliver(t *testing.T, to, id, secret, body string) (ack string, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	req.Header = http.Header{
		"Content-Type": {"application/json"}, "X-Github-Event": {"issues"}, "X-Github-Delivery": {id},
		"X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(mac.Sum(nil))},
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, text)
	}
	return resp.Header.Get("Webhook-Ack"), err
}

// refused tries what the users of NATS may not do, and what consumers do.
func refused(t *testing.T, node *server.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	brief := func(f func(ctx context.Context) error) error {
		ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
		defer cancel()
		return f(ctx)
	}
	edge, consumers := clusterClient(t, node, "edge"), clusterClient(t, node, "consumers")
	for what, f := range map[string]func(ctx context.Context) error{
		"the edge removes a stream":   func(ctx context.Context) error { return edge.DeleteStream(ctx, "WEBHOOKS") },
		"a consumer removes a stream": func(ctx context.Context) error { return consumers.DeleteStream(ctx, "WEBHOOKS") },
		"a consumer makes up an event": func(ctx context.Context) error {
			_, err := consumers.Publish(ctx, "webhooks.github.o.issues", nil)
			return err
		},
	} {
		if brief(f) == nil {
			t.Error(what)
		}
	}
	c, err := consumers.CreateConsumer(ctx, "WEBHOOKS", jetstream.ConsumerConfig{Durable: "orders", AckPolicy: jetstream.AckExplicitPolicy})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		m, err := c.Next()
		if err != nil {
			t.Fatal(err)
		}
		if err := m.DoubleAck(ctx); err != nil {
			t.Errorf("a consumer acknowledges: %v", err)
		}
	}
}

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"webhookedge/kong/local"
	"webhookedge/plugins/ratelimit/redistest"
)

// roleGateway is a gateway with its plugin process. Its argument is a gatewaySpec in JSON.
const roleGateway = "gateway"

// gatewaySpec is what a gateway is told.
type gatewaySpec struct {
	Listen, Config, Binaries string
	Env                      map[string]string // of vault references
	PluginServers, Variables map[string]string // as kong.conf has them
	Log                      string            // file
}

// runGateway serves until SIGTERM.
func runGateway(text string) error {
	var spec gatewaySpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	file, err := os.OpenFile(spec.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	s, err := local.New(ctx, local.Options{
		Listen: spec.Listen, ConfigPath: spec.Config, PluginDir: spec.Binaries, PluginServers: spec.PluginServers, Variables: spec.Variables, NoBuild: true, NoWatch: true, Workers: 2,
		Env:        func(name string) (string, bool) { v, ok := spec.Env[name]; return v, ok },
		PluginLine: func(_, line string) { fmt.Fprintln(file, line) },
		// As kong.conf has it: the journal of a gateway that was killed waits for no delivery.
		PluginArgs: []string{"-wake", "http://" + spec.Listen + "/webhooks/github"},
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	closing, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return s.Close(closing)
}

// machine is a gateway that can be lost and come back with its disk.
type machine struct {
	t    *testing.T
	spec gatewaySpec
	cmd  *exec.Cmd
}

func (m *machine) start() {
	m.t.Helper()
	text, err := json.Marshal(m.spec)
	if err != nil {
		m.t.Fatal(err)
	}
	m.cmd = asRole(context.Background(), roleGateway, string(text))
	m.cmd.Env = append(m.cmd.Env, "TMPDIR="+filepath.Dir(m.spec.Log)) // what a killed one leaves there goes with the test
	if err := m.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
}

// listens waits until the gateway takes connections.
func (m *machine) listens() {
	m.t.Helper()
	eventually(m.t, m.spec.Listen+" listens", func() bool {
		c, err := net.Dial("tcp", m.spec.Listen)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// kill ends the gateway and its plugin as a power cut does: neither sees the other go.
func (m *machine) kill() {
	if m.cmd == nil || m.cmd.Process == nil {
		return
	}
	_ = m.cmd.Process.Signal(syscall.SIGSTOP)
	for _, pid := range pidsOf(m.t, "webhook-edge", m.cmd.Process.Pid) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	_ = m.cmd.Process.Kill()
	_ = m.cmd.Wait()
	m.cmd = nil
}

// logged is what the plugin of the gateway has written.
func (m *machine) logged() string {
	text, err := os.ReadFile(m.spec.Log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// balancer gives each connection to the next of several addresses that takes it.
type balancer struct {
	listener net.Listener
	targets  []string

	mu   sync.Mutex
	next int
}

func startBalancer(t *testing.T, targets ...string) *balancer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &balancer{listener: l, targets: targets}
	t.Cleanup(func() { l.Close() })
	go b.serve()
	return b
}

func (b *balancer) url() string { return "http://" + b.listener.Addr().String() }

func (b *balancer) serve() {
	for {
		client, err := b.listener.Accept()
		if err != nil {
			return
		}
		go func() {
			server := b.dial()
			if server == nil {
				client.Close()
				return
			}
			p := &pipe{client, server}
			go func() { defer p.close(); _, _ = io.Copy(server, client) }()
			defer p.close()
			_, _ = io.Copy(client, server)
		}()
	}
}

func (b *balancer) dial() net.Conn {
	for range b.targets {
		b.mu.Lock()
		b.next++
		target := b.targets[b.next%len(b.targets)]
		b.mu.Unlock()
		if c, err := net.DialTimeout("tcp", target, time.Second); err == nil {
			return c
		}
	}
	return nil
}

// redisServer is a Redis or a Sentinel that kong/cluster/redis.sh starts.
type redisServer struct {
	t          *testing.T
	kind, port string
	env        []string
	cmd        *exec.Cmd
}

const redisPassword = "of-the-redis-in-this-test"

func (r *redisServer) address() string { return "127.0.0.1:" + r.port }

func (r *redisServer) start() {
	r.t.Helper()
	r.cmd = exec.Command("/bin/sh", filepath.Join("..", "kong", "cluster", "redis.sh"), r.kind)
	r.cmd.Env = append(os.Environ(), r.env...)
	if err := r.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	eventually(r.t, "the "+r.kind+" answers", func() bool { return strings.HasPrefix(r.ask("PING"), "PONG") })
}

func (r *redisServer) kill() {
	if r.cmd != nil && r.cmd.Process != nil {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait()
	}
}

// ask runs a command and returns its answer as text, which may be an error.
func (r *redisServer) ask(args ...any) string {
	c := redis.NewClient(&redis.Options{Addr: r.address(), Password: redisPassword, Protocol: 2, DisableIdentity: true})
	defer c.Close()
	answer, err := c.Do(r.t.Context(), args...).Result()
	return fmt.Sprint(answer, err)
}

// startSentinels starts two servers, the first of which is master, and three Sentinels,
// with the files of kong/cluster.
func startSentinels(t *testing.T) (servers, sentinels []*redisServer) {
	t.Helper()
	redistest.Need(t)
	conf := t.TempDir()
	for _, name := range []string{"redis.conf", "sentinel.conf"} {
		text, err := os.ReadFile(filepath.Join("..", "kong", "cluster", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(conf, name), append(text, "bind 127.0.0.1\n"...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	master := ""
	run := func(kind string) *redisServer {
		address := freeAddress(t)
		r := &redisServer{t: t, kind: kind, port: address[strings.LastIndex(address, ":")+1:]}
		if master == "" {
			master = r.port
		}
		r.env = []string{"NAME=127.0.0.1", "PORT=" + r.port, "MASTER=127.0.0.1", "MASTER_PORT=" + master, "REDIS_PASSWORD=" + redisPassword, "DATA=" + t.TempDir(), "CONF=" + conf}
		t.Cleanup(r.kill)
		r.start()
		return r
	}
	for range 2 {
		servers = append(servers, run("redis"))
	}
	// A Sentinel asks a master for its replicas when it starts, and 10 s later.
	eventually(t, "the replica is attached", func() bool { return strings.Contains(servers[0].ask("ROLE"), servers[1].port) })
	for range 3 {
		sentinels = append(sentinels, run("sentinel"))
	}
	for _, s := range sentinels {
		eventually(t, "the Sentinels know each other and the replica", func() bool {
			return strings.HasPrefix(s.ask("SENTINEL", "CKQUORUM", "limits"), "OK 3 usable") && strings.Contains(s.ask("SENTINEL", "REPLICAS", "limits"), servers[1].port)
		})
	}
	return servers, sentinels
}

// startMachines starts two gateways on kong/cluster/kong.yml and one more route.
func startMachines(t *testing.T, c *cluster, sentinels []*redisServer) []*machine {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "kong", "cluster", "kong.yml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := shortDir(t)
	config := filepath.Join(dir, "kong.yml")
	if err := os.WriteFile(config, append(text, limitedRoute...), 0o600); err != nil {
		t.Fatal(err)
	}
	env := environment("")
	env["REDIS_PASSWORD"], env["NATS_EDGE_PASSWORD"] = redisPassword, "unused-by-these-nodes"
	for i, n := range c.nodes {
		env[fmt.Sprint("NATS_URL_", i+1)] = "nats://" + n.address()
	}
	var more bytes.Buffer
	for _, s := range sentinels[1:] {
		more.WriteString("&addr=" + s.address())
	}
	env["REDIS_URL"] = "redis+sentinel://:" + redisPassword + "@" + sentinels[0].address() + "/0?master_name=limits" + more.String()
	var all []*machine
	for i := range 2 {
		own := map[string]string{"WEBHOOK_JOURNAL_DIR": t.TempDir()}
		for name, value := range env {
			own[name] = value
		}
		m := &machine{t: t, spec: gatewaySpec{
			Listen: freeAddress(t), Config: config, Binaries: binaries, Env: own, PluginServers: servers, Variables: variables,
			Log: filepath.Join(dir, fmt.Sprint("gateway-", i+1, ".log")),
		}}
		t.Cleanup(m.kill)
		m.start()
		all = append(all, m)
	}
	return all
}

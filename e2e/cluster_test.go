package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// roleNode is a NATS server of a cluster. Its argument is a nodeSpec in JSON.
const roleNode = "node"

// nodeSpec is what a node is told.
type nodeSpec struct {
	Name, Dir     string
	Port, Cluster int
	Routes        []string
	MaxPayload    int32
	Sync          nodeSync
	Log           string // file
}

// nodeSync says when a node's disk has what it acknowledged: after the interval, 0
// for NATS's default, or with the ack.
type nodeSync struct {
	Interval time.Duration
	Always   bool
}

// runNode runs a node until SIGTERM, at which it hands leadership over. A port
// that somebody has for a moment is waited for.
func runNode(text string) error {
	var spec nodeSpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		return err
	}
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	var routes []*url.URL
	for _, route := range spec.Routes {
		u, err := url.Parse(route)
		if err != nil {
			return err
		}
		routes = append(routes, u)
	}
	file, err := os.OpenFile(spec.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	for range 10 {
		o := &server.Options{
			ServerName: spec.Name, Host: "127.0.0.1", Port: spec.Port, JetStream: true, StoreDir: spec.Dir, JetStreamMaxStore: natsStore, NoLog: true, NoSigs: true,
			MaxPayload: spec.MaxPayload, SyncInterval: spec.Sync.Interval, SyncAlways: spec.Sync.Always,
		}
		if len(routes) > 0 {
			o.Routes = routes
			// Clients are to stay behind their links.
			o.Cluster = server.ClusterOpts{Name: "e2e", Host: "127.0.0.1", Port: spec.Cluster, NoAdvertise: true}
		}
		s, err := server.NewServer(o)
		if err != nil {
			return err
		}
		s.SetLogger(nodeLog{log.New(file, "", log.Ltime|log.Lmicroseconds)}, false, false)
		s.Start()
		if !s.ReadyForConnections(5 * time.Second) {
			s.Shutdown()
			continue
		}
		<-term
		s.Shutdown()
		return nil
	}
	return errors.New("the node does not listen")
}

// node is one NATS server in a process of its own.
type node struct {
	t    testing.TB
	spec nodeSpec
	cmd  *exec.Cmd
}

func (n *node) address() string { return "127.0.0.1:" + strconv.Itoa(n.spec.Port) }

func (n *node) start() {
	n.t.Helper()
	text, err := json.Marshal(n.spec)
	if err != nil {
		n.t.Fatal(err)
	}
	n.cmd = asRole(context.Background(), roleNode, string(text))
	if err := n.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
}

// end sends a signal that ends the node and waits for it.
func (n *node) end(s syscall.Signal) {
	if n.cmd == nil || n.cmd.Process == nil {
		return
	}
	_ = n.cmd.Process.Signal(s)
	_ = n.cmd.Wait()
	n.cmd = nil
}

func (n *node) signal(s syscall.Signal) {
	n.t.Helper()
	if err := n.cmd.Process.Signal(s); err != nil {
		n.t.Fatal(err)
	}
}

// cluster is three nodes, or one by itself.
type cluster struct {
	t     testing.TB
	nodes []*node
}

// startCluster starts a node for each of dirs, under which it keeps its store.
func startCluster(t testing.TB, dirs []string, maxPayload int32, sync nodeSync) *cluster {
	t.Helper()
	c := &cluster{t: t}
	logs := t.TempDir()
	t.Cleanup(c.complain)
	var routes []string
	for i, dir := range dirs {
		spec := nodeSpec{Name: fmt.Sprint("n", i+1), Dir: filepath.Join(dir, "store"), Port: freePort(t), Cluster: freePort(t), MaxPayload: maxPayload, Sync: sync, Log: filepath.Join(logs, fmt.Sprint("n", i+1, ".log"))}
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", spec.Cluster))
		c.nodes = append(c.nodes, &node{t: t, spec: spec})
	}
	t.Cleanup(func() {
		for _, n := range c.nodes {
			n.end(syscall.SIGKILL)
		}
	})
	for _, n := range c.nodes {
		if len(c.nodes) > 1 {
			n.spec.Routes = routes
		}
		n.start()
	}
	return c
}

func freePort(t testing.TB) int {
	t.Helper()
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// askTimeout is how long one question may take. A node that knows no leader does
// not answer.
const askTimeout = time.Second

// ask gives f a client of a node that answers, for as long as f fails, up to the
// deadline of eventually.
func (c *cluster) ask(what string, f func(ctx context.Context, js jetstream.JetStream) error) {
	c.t.Helper()
	var last error
	next := 0
	defer func() {
		if last != nil {
			c.t.Logf("%s: %v", what, last)
		}
	}()
	eventually(c.t, what, func() bool {
		next++
		last = c.askOne(c.nodes[next%len(c.nodes)], f)
		return last == nil
	})
}

func (c *cluster) askOne(n *node, f func(ctx context.Context, js jetstream.JetStream) error) error {
	ctx, cancel := context.WithTimeout(c.t.Context(), askTimeout)
	defer cancel()
	nc, err := nats.Connect("nats://"+n.address(), nats.NoReconnect(), nats.Timeout(time.Second))
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	return f(ctx, js)
}

// leader is the node that leads a stream.
func (c *cluster) leader(stream string) *node {
	c.t.Helper()
	if len(c.nodes) == 1 {
		return c.nodes[0]
	}
	var found *node
	c.ask("the stream "+stream+" has a leader", func(ctx context.Context, js jetstream.JetStream) error {
		s, err := js.Stream(ctx, stream)
		if err != nil {
			return err
		}
		for _, n := range c.nodes {
			if info := s.CachedInfo(); info.Cluster != nil && info.Cluster.Leader == n.spec.Name {
				found = n
				return nil
			}
		}
		return errors.New("nobody leads")
	})
	return found
}

// current waits until every node has all of a stream.
func (c *cluster) current(stream string) {
	c.t.Helper()
	if len(c.nodes) == 1 {
		return
	}
	c.ask("every node has all of "+stream, func(ctx context.Context, js jetstream.JetStream) error {
		s, err := js.Stream(ctx, stream)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		info := s.CachedInfo().Cluster
		if info == nil || info.Leader == "" || len(info.Replicas) != len(c.nodes)-1 {
			return fmt.Errorf("not all nodes are there: %+v", info)
		}
		for _, r := range info.Replicas {
			if !r.Current || r.Offline {
				return fmt.Errorf("%s is not current", r.Name)
			}
		}
		return nil
	})
}

// stepDown makes the leader of a stream hand over.
func (c *cluster) stepDown(stream string) {
	c.t.Helper()
	c.ask("the leader steps down", func(ctx context.Context, js jetstream.JetStream) error {
		m, err := js.Conn().RequestWithContext(ctx, "$JS.API.STREAM.LEADER.STEPDOWN."+stream, nil)
		if err != nil {
			return err
		}
		var answer struct {
			Error *struct{ Description string }
		}
		if err := json.Unmarshal(m.Data, &answer); err != nil {
			return err
		}
		if answer.Error != nil {
			return errors.New(answer.Error.Description)
		}
		return nil
	})
}

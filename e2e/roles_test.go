package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The test binary can also be a NATS server or a bare publisher, so that each
// runs in a process of its own that can be measured, stopped and killed.
const (
	roleVariable  = "WEBHOOKEDGE_E2E_ROLE"
	roleBare      = "bare"      // arguments: server URL, secret
	roleNATS      = "nats"      // arguments: store directory, port, whether it syncs before each ack, a nats.conf for its users
	rolePublisher = "publisher" // arguments: server URL, messages, bytes
)

// natsStore is what streams may reserve, in bytes: no part of the free disk, which NATS
// takes otherwise.
const natsStore = 64 << 30

// runRole runs the role that the environment names.
func runRole(role string, args []string) error {
	switch role {
	case roleNATS:
		port, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		o := &server.Options{
			Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: args[0], JetStreamMaxStore: natsStore, NoLog: true, NoSigs: true, MaxPayload: 8 << 20,
			SyncAlways: args[2] == "true",
		}
		if args[3] != "" {
			conf, err := server.ProcessConfigFile(args[3])
			if err != nil {
				return err
			}
			o.Users, o.NoAuthUser, o.MaxPayload = conf.Users, "operator", 128<<10 // a large payload is a small one
		}
		s, err := server.NewServer(o)
		if err != nil {
			return err
		}
		s.Start()
		s.WaitForShutdown()
		return nil
	case rolePublisher:
		return publishBare(args)
	case roleBare:
		return serveBare(args[0], args[1])
	case roleGateway:
		return runGateway(args[0])
	case roleNode:
		return runNode(args[0])
	}
	return errors.New("no such role: " + role)
}

// publishBare publishes as a plain client does, and prints the CPU time that a
// message cost this process, in microseconds.
func publishBare(args []string) error {
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	size, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	nc, err := nats.Connect(args[0])
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	before := cpu()
	var next atomic.Int64
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	for range 16 {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				m := nats.NewMsg("webhooks.bare._.event")
				m.Data = make([]byte, size)
				if _, err := js.PublishMsg(context.Background(), m, jetstream.WithMsgID(fmt.Sprint("bare:", i))); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	_, err = fmt.Println(float64((cpu() - before).Microseconds()) / float64(n))
	return err
}

func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// asRole returns the test binary as a command in a role.
func asRole(ctx context.Context, role string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = os.Stderr
	return cmd
}

// natsProcess is a NATS server in a process of its own, on one port and one
// store for all its lives.
type natsProcess struct {
	t    testing.TB
	dir  string
	port string
	sync bool   // before each ack
	conf string // the nats.conf whose users it has; tests are its operator
	cmd  *exec.Cmd
}

// natsSync makes a server sync before it acknowledges.
type natsSync bool

func startNATS(t testing.TB, sync ...natsSync) *natsProcess {
	t.Helper()
	address := freeAddress(t)
	n := &natsProcess{t: t, dir: t.TempDir(), port: address[strings.LastIndex(address, ":")+1:], sync: slices.Contains(sync, true)}
	n.start()
	t.Cleanup(n.kill)
	return n
}

func (n *natsProcess) url() string { return "nats://127.0.0.1:" + n.port }

func (n *natsProcess) start() {
	n.t.Helper()
	n.cmd = asRole(context.Background(), roleNATS, n.dir, n.port, strconv.FormatBool(n.sync), n.conf)
	if err := n.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	n.connect().Close()
}

// connect waits until the server takes a connection.
func (n *natsProcess) connect() *nats.Conn {
	n.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		nc, err := nats.Connect(n.url())
		if err == nil {
			return nc
		}
		if time.Now().After(deadline) {
			n.t.Fatalf("NATS does not come up: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// kill is kill -9.
func (n *natsProcess) kill() {
	if n.cmd.Process != nil {
		_ = n.cmd.Process.Kill()
		_ = n.cmd.Wait()
	}
}

// signal sends SIGSTOP or SIGCONT.
func (n *natsProcess) signal(s syscall.Signal) {
	n.t.Helper()
	if err := n.cmd.Process.Signal(s); err != nil {
		n.t.Fatal(err)
	}
	if s == syscall.SIGSTOP { // its threads stop a little later
		eventually(n.t, "NATS stands still", func() bool {
			for _, text := range ofThreads(n.t, n.cmd.Process.Pid, "status") {
				if !strings.Contains(text, "State:\tT") {
					return false
				}
			}
			return true
		})
	}
}

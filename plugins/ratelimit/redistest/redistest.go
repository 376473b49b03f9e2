// Package redistest runs real Redis servers for tests. Nothing but tests and their kits
// may import it.
package redistest

import (
	"context"
	"net"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// startTimeout bounds how long a server may take to answer, on a busy machine.
const startTimeout = 20 * time.Second

// Server is one, on a port of the loopback address.
type Server struct {
	Port string

	t    testing.TB
	args []string
	cmd  *exec.Cmd
}

// Need skips the test where redis-server is not installed: CI must have it.
func Need(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err == nil {
		return
	}
	const why = "redis-server is not installed (apt-get install redis-server)"
	if os.Getenv("CI") != "" {
		t.Fatal(why + ", and CI must run this test")
	}
	t.Skip("NOT TESTED: " + why)
}

// Start runs a server, which keeps nothing on disk, with further arguments until the test
// ends.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	Need(t)
	s := &Server{t: t, Port: FreePort(t), args: args}
	s.Start()
	t.Cleanup(s.Kill)
	return s
}

// Sentinel runs a Sentinel with a file of its settings, which say that it listens on port.
func Sentinel(t testing.TB, port, file string) *Server {
	t.Helper()
	Need(t)
	s := &Server{t: t, Port: port}
	s.run(file, "--sentinel")
	t.Cleanup(s.Kill)
	return s
}

// FreePort returns a port on which nothing listens.
func FreePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nobody connected
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// Address is host and port.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", s.Port) }

// Admin is a client with all rights, which the caller closes.
func (s *Server) Admin() *redis.Client {
	o := redis.Options{Addr: s.Address()}
	if i := slices.Index(s.args, "--requirepass"); i >= 0 {
		o.Password = s.args[i+1]
	}
	return redis.NewClient(&o)
}

// Start starts a server again that was killed.
func (s *Server) Start() {
	s.t.Helper()
	s.run(append([]string{"--port", s.Port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", s.t.TempDir()}, s.args...)...)
	c := s.Admin()
	defer c.Close() //nolint:errcheck // it only asked
	for end := time.Now().Add(startTimeout); c.Ping(context.Background()).Err() != nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatal("redis-server does not start")
		}
	}
}

func (s *Server) run(args ...string) {
	s.t.Helper()
	s.cmd = exec.Command("redis-server", args...)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
}

// Kill ends the server at once.
func (s *Server) Kill() {
	_ = s.cmd.Process.Signal(syscall.SIGCONT) // a stopped process dies too, but is not reaped before
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// Signal sends the process a signal.
func (s *Server) Signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// Do runs a command and returns what the server answers.
func (s *Server) Do(args ...any) any {
	s.t.Helper()
	c := s.Admin()
	defer c.Close() //nolint:errcheck // it only asked
	v, err := c.Do(context.Background(), args...).Result()
	if err != nil {
		s.t.Fatalf("%v: %v", args, err)
	}
	return v
}

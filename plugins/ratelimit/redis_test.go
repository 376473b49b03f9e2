package ratelimit

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// server is a real redis-server of a test's own.
type server struct {
	t    testing.TB
	port string
	args []string
	cmd  *exec.Cmd
}

// startRedis starts a server, or skips where there is none: CI must have one.
func startRedis(t testing.TB, args ...string) *server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("redis-server is not installed, and CI must run this test")
		}
		t.Skip("NOT TESTED: redis-server is not installed (apt-get install redis-server)")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	s := &server{t: t, port: port, args: args}
	s.start()
	t.Cleanup(s.kill)
	return s
}

func (s *server) address() string { return "127.0.0.1:" + s.port }

// admin is a client with all rights.
func (s *server) admin() *redis.Client {
	o := redis.Options{Addr: s.address()}
	if i := slices.Index(s.args, "--requirepass"); i >= 0 {
		o.Password = s.args[i+1]
	}
	return redis.NewClient(&o)
}

func (s *server) start() {
	s.t.Helper()
	args := append([]string{"--port", s.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", s.t.TempDir()}, s.args...)
	s.cmd = exec.Command("redis-server", args...)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	c := s.admin()
	defer c.Close()
	for end := time.Now().Add(20 * time.Second); c.Ping(context.Background()).Err() != nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatal("redis-server does not start")
		}
	}
}

func (s *server) kill() {
	_ = s.cmd.Process.Signal(syscall.SIGCONT) // a stopped process dies too, but is not reaped before
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

func (s *server) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// do runs a command of the server.
func (s *server) do(args ...any) any {
	s.t.Helper()
	c := s.admin()
	defer c.Close()
	v, err := c.Do(context.Background(), args...).Result()
	if err != nil {
		s.t.Fatalf("%v: %v", args, err)
	}
	return v
}

// client returns the store of a server.
func (s *server) client() *shared {
	s.t.Helper()
	cfg := RedisConfig{Addresses: []string{s.address()}, TimeoutMS: 2000, PoolSize: 8} // the bound is tested apart
	o, err := cfg.options()
	if err != nil {
		s.t.Fatal(err)
	}
	c := newShared(o, 2*time.Second)
	s.t.Cleanup(func() { c.client.Close() })
	return c
}

// between forwards connections to a server and can delay what it answers.
type between struct {
	l     net.Listener
	delay chan time.Duration // holds the one that is in force
}

func startBetween(t testing.TB, to string) *between {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &between{l: l, delay: make(chan time.Duration, 1)}
	b.delay <- 0
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				in.Close()
				continue
			}
			go b.copy(out, in, false)
			go b.copy(in, out, true)
		}
	}()
	return b
}

func (b *between) copy(to, from net.Conn, slow bool) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 4<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if slow {
			d := <-b.delay
			b.delay <- d
			time.Sleep(d)
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (b *between) set(d time.Duration) {
	<-b.delay
	b.delay <- d
}

func keys(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(prefix, strconv.Itoa(i))
	}
	return all
}

package process

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary play a plugin server, or a parent of one.
func TestMain(m *testing.M) {
	switch os.Getenv("PLAY") {
	case "":
		os.Exit(m.Run())
	case "parent":
		playParent()
	default:
		playPlugin(os.Getenv("PLAY"))
	}
}

// playPlugin listens as a plugin server does. "stubborn" ignores SIGTERM,
// "brief" ends at once.
func playPlugin(mode string) {
	fmt.Fprintln(os.Stderr, "pid", os.Getpid())
	if mode == "brief" {
		os.Exit(3)
	}
	if mode == "stubborn" {
		signal.Ignore(syscall.SIGTERM)
	}
	socket := filepath.Join(os.Args[2], "plugin.socket")
	_ = os.Remove(socket)
	l, err := net.Listen("unix", socket)
	if err != nil {
		os.Exit(4)
	}
	for {
		c, err := l.Accept()
		if err != nil {
			os.Exit(5)
		}
		c.Close()
	}
}

// playParent starts a plugin server, prints its pid and waits to be killed.
func playParent() {
	dir := os.Args[1]
	_ = os.Setenv("PLAY", "plain")
	p, err := Start(Options{Name: "plugin", Binary: os.Args[0], Prefix: dir})
	if err != nil {
		os.Exit(6)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := p.WaitReady(ctx); err != nil {
		os.Exit(7)
	}
	fmt.Println(p.Pid())
	select {}
}

type lineLog struct {
	mu    sync.Mutex
	lines []string
}

func (l *lineLog) add(s string) { l.mu.Lock(); defer l.mu.Unlock(); l.lines = append(l.lines, s) }
func (l *lineLog) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lines)
}

func play(t *testing.T, mode string, grace time.Duration) (*Process, *lineLog) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	l := &lineLog{}
	p, err := Start(Options{Name: "plugin", Binary: self, Prefix: shortDir(t), Env: append(os.Environ(), "PLAY="+mode), Line: l.add, StopTimeout: grace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p, l
}

func shortDir(t *testing.T) string {
	dir, err := os.MkdirTemp("", "proc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func wait(t *testing.T, p *Process) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := p.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
		<-time.After(2 * time.Millisecond)
	}
}

func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func TestProcess_isKeptRunning(t *testing.T) {
	p, l := play(t, "plain", time.Second)
	wait(t, p)
	first := p.Pid()
	began := time.Now()
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a second start", func() bool { return p.Starts() == 2 })
	wait(t, p)
	second := p.Pid()
	p.Stop()
	if second == first || !gone(first) || !gone(second) {
		t.Errorf("processes %d and %d, gone: %v and %v", first, second, gone(first), gone(second))
	}
	if time.Since(began) > 15*time.Second {
		t.Errorf("took %v", time.Since(began))
	}
	if want := []string{"pid " + strconv.Itoa(first), "pid " + strconv.Itoa(second)}; !slices.Equal(l.all(), want) {
		t.Errorf("lines %q, want %q", l.all(), want)
	}
}

func TestProcess_respawnsAtMostOnceASecond(t *testing.T) {
	began := time.Now()
	p, _ := play(t, "brief", time.Second)
	eventually(t, "three starts", func() bool { return p.Starts() >= 3 })
	if took := time.Since(began); took < 2*respawnInterval-50*time.Millisecond {
		t.Errorf("three starts within %v", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := p.WaitReady(ctx); !errors.Is(err, ErrNotReady) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want ErrNotReady by the deadline", err)
	}
	p.Stop()
	if err := p.WaitReady(t.Context()); !errors.Is(err, ErrNotReady) {
		t.Errorf("after Stop: %v", err)
	}
}

func TestProcess_isKilledAfterItsGrace(t *testing.T) {
	p, _ := play(t, "stubborn", 200*time.Millisecond)
	wait(t, p)
	pid := p.Pid()
	p.Stop()
	if !gone(pid) {
		t.Errorf("process %d is still there", pid)
	}
}

// TestProcess_endsWithItsKilledParent kills a parent that has no chance to
// clean up.
func TestProcess_endsWithItsKilledParent(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(self, shortDir(t))
	parent.Env = append(os.Environ(), "PLAY=parent")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Fscan(out, &child); err != nil {
		t.Fatal(err)
	}
	_ = parent.Process.Kill()
	_ = parent.Wait()
	eventually(t, "the child ends", func() bool { return ended(child) })
}

// ended takes a zombie for ended: who reaps an orphan is not ours to say.
func ended(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(rest, "Z") || strings.HasPrefix(rest, "X")
}

func TestProcess_longPrefixIsRefused(t *testing.T) {
	if _, err := Start(Options{Name: "p", Prefix: "/" + strings.Repeat("x", 120)}); err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("got %v", err)
	}
}

package process

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

// ErrNotReady means that a plugin's socket did not come up in time.
var ErrNotReady = errors.New("plugin server not ready")

// respawnInterval is Kong's least time between two starts of a plugin server.
const respawnInterval = time.Second

// maxSocketPath is the limit of sockaddr_un on Linux, less the closing zero.
const maxSocketPath = 107

// Options start a Process.
type Options struct {
	Name   string
	Binary string
	Args   []string // after -kong-prefix
	// Prefix is the directory of the socket; it must exist.
	Prefix string
	Env    []string // nil means the parent's
	// Line gets every line of the plugin's output; nil drops them.
	Line func(line string)
	// Log gets starts and ends; nil drops them.
	Log *slog.Logger
	// StopTimeout is how long Stop waits after SIGTERM. Default 10 s.
	StopTimeout time.Duration
}

// Process is a plugin server that is kept running until Stop.
type Process struct {
	opts   Options
	cancel context.CancelFunc
	done   chan struct{}
	pid    atomic.Int64
	starts atomic.Int64
}

// Start runs the plugin server. It returns at once; see WaitReady.
func Start(o Options) (*Process, error) {
	p := &Process{opts: o, done: make(chan struct{})}
	if n := len(p.Socket()); n > maxSocketPath {
		return nil, fmt.Errorf("socket path %s has %d bytes, at most %d are possible: set a shorter TMPDIR", p.Socket(), n, maxSocketPath)
	}
	if p.opts.Log == nil {
		p.opts.Log = slog.New(slog.DiscardHandler)
	}
	if p.opts.StopTimeout <= 0 {
		p.opts.StopTimeout = 10 * time.Second
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go p.supervise(ctx)
	return p, nil
}

// Socket is where the plugin server listens.
func (p *Process) Socket() string {
	return filepath.Join(p.opts.Prefix, p.opts.Name+".socket")
}

// Pid returns the running process's id, or 0 between two of them.
func (p *Process) Pid() int { return int(p.pid.Load()) }

// Starts counts how often the process was started.
func (p *Process) Starts() int { return int(p.starts.Load()) }

// WaitReady waits until something listens on the socket.
func (p *Process) WaitReady(ctx context.Context) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := net.Dial("unix", p.Socket())
		if err == nil {
			return c.Close()
		}
		select {
		case <-p.done:
			return fmt.Errorf("%w: %s was stopped", ErrNotReady, p.opts.Name)
		case <-ctx.Done():
			return fmt.Errorf("%w: %s: %w, last: %w", ErrNotReady, p.opts.Name, ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// Stop sends SIGTERM, waits for the process and kills it after StopTimeout.
func (p *Process) Stop() {
	p.cancel()
	<-p.done
}

// supervise holds on to its thread: the kernel ties the parent-death signal to
// the thread that started the child, not to the process.
func (p *Process) supervise(ctx context.Context) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.done)
	for {
		started := time.Now()
		err := p.run(ctx)
		if ctx.Err() != nil {
			return
		}
		p.opts.Log.Warn("plugin server ended, starting it again", "plugin", p.opts.Name, "err", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(respawnInterval - time.Since(started)):
		}
	}
}

func (p *Process) run(ctx context.Context) error {
	lines := &lineWriter{line: p.opts.Line}
	defer lines.end()
	cmd := exec.CommandContext(ctx, p.opts.Binary, append([]string{"-kong-prefix", p.opts.Prefix}, p.opts.Args...)...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.opts.Env, lines, lines
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = p.opts.StopTimeout
	cmd.SysProcAttr = childAttributes()
	if err := cmd.Start(); err != nil {
		return err
	}
	p.pid.Store(int64(cmd.Process.Pid))
	p.starts.Add(1)
	p.opts.Log.Info("plugin server started", "plugin", p.opts.Name, "pid", cmd.Process.Pid)
	err := cmd.Wait()
	p.pid.Store(0)
	if err == nil {
		err = errors.New("exit status 0")
	}
	return err
}

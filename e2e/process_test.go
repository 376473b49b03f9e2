package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"webhookedge/kong/local/host"
	"webhookedge/kong/local/host/hosttest"
)

const githubSecret = "It's a Secret to Everybody"

// daemon is a plugin process that nobody starts again, so that its end can be
// looked at.
type daemon struct {
	t      *testing.T
	socket string
	cmd    *exec.Cmd
	stderr lockedBuffer
	done   chan error
}

func (d *daemon) log() string { return d.stderr.String() }

// lockedBuffer is a bytes.Buffer for several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func shortDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kong") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func startDaemon(t *testing.T, name, prefix string, args ...string) *daemon {
	t.Helper()
	d := &daemon{t: t, socket: filepath.Join(prefix, serverOf(name)+".socket"), done: make(chan error, 1)}
	d.cmd = exec.Command(filepath.Join(binaries, serverOf(name)), append([]string{"-kong-prefix", prefix}, args...)...)
	d.cmd.Stderr = &d.stderr
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { d.done <- d.cmd.Wait() }()
	t.Cleanup(func() { _ = d.cmd.Process.Kill() })
	return d
}

// says waits for a text in the log.
func (d *daemon) says(text string) {
	d.t.Helper()
	eventually(d.t, fmt.Sprintf("the log says %q", text), func() bool { return strings.Contains(d.log(), text) })
}

func (d *daemon) ended() error {
	d.t.Helper()
	select {
	case err := <-d.done:
		return err
	case <-time.After(20 * time.Second):
		d.t.Fatalf("the process does not end; log:\n%s", d.log())
		return nil
	}
}

// eventually polls for what must come, up to 20 s.
// notTested skips a test for what the machine lacks, and fails it where CI is set.
func notTested(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why + ", and CI must run this test")
	}
	t.Skip("NOT TESTED: " + why)
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func edgeConfig(natsURL string, more string) *host.Config {
	return pluginConfig(fmt.Sprintf(`{"provider":"github","respond":"continue","deadline_ms":9000,"verify":{"secrets":[{"value":%q}]},`+
		`"publish":{"servers":[%q],"ack_timeout_ms":8000,"broker_sync":"always","stream":{"ensure":"create"}}%s}`, githubSecret, natsURL, more))
}

// outcome is what Kong would do after the handler.
type outcome struct {
	status int // 0 where Kong goes on
	body   string
	ack    string
	err    error
}

func access(p *host.Plugin, r *host.Request, cfg *host.Config) outcome {
	x := host.NewContext(r, nil)
	defer x.Close()
	o := outcome{err: p.Access(x, cfg)}
	o.ack = strings.Join(x.Response.Values("Webhook-Ack"), "|")
	if x.Exit != nil {
		o.status, o.body = x.Exit.Status, string(x.Exit.Body)
	}
	return o
}

// startUnderWay starts a plugin that has stored one delivery and works on the sender's
// retry, since the broker is stopped. The outcome of the retry comes in result.
func startUnderWay(t *testing.T, args ...string) (d *daemon, broker *natsProcess, result chan outcome) {
	t.Helper()
	broker, address := startNATS(t), freeAddress(t)
	d = startDaemon(t, "webhook-edge", shortDir(t), append(args, "-telemetry-address", address)...)
	d.says("listening")
	p := host.New("webhook-edge", d.socket, host.Options{MaxRuns: 1})
	t.Cleanup(p.Close)
	cfg := edgeConfig(broker.url(), "")
	if o := access(p, githubRequest(githubSecret, 2048), cfg); o.err != nil || o.ack != "broker" {
		t.Fatalf("first delivery: %+v\n%s", o, d.log())
	}
	broker.signal(syscall.SIGSTOP)
	result = make(chan outcome, 1)
	again := githubRequest(githubSecret, 2048)
	again.ID = "00000000000000000000000000000002" // the sender's retry is a request of its own
	go func() { result <- access(p, again, cfg) }()
	eventually(t, "the delivery is under way", func() bool { return field(t, metrics(t, address), "webhook_edge_in_flight ") == 1 })
	return d, broker, result
}

func TestShutdown_finishesDeliveriesUnderWay(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			d, broker, result := startUnderWay(t)
			if err := d.cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the socket is gone", func() bool { _, err := os.Stat(d.socket); return errors.Is(err, fs.ErrNotExist) })
			broker.signal(syscall.SIGCONT)
			if o := <-result; o.err != nil || o.ack != "duplicate" {
				t.Errorf("the delivery under way: %+v", o)
			}
			if err := d.ended(); err != nil {
				t.Errorf("exit: %v\n%s", err, d.log())
			}
		})
	}
}

func TestSocket_isTakenOverOnlyWhenAsked(t *testing.T) {
	prefix := shortDir(t)
	first := startDaemon(t, "webhook-verify", prefix)
	first.says("listening")
	second := startDaemon(t, "webhook-verify", prefix)
	var exit *exec.ExitError
	if err := second.ended(); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(second.log(), "another plugin server") {
		t.Fatalf("the second server: %v\n%s", err, second.log())
	}
	third := startDaemon(t, "webhook-verify", prefix, "-takeover=yes")
	third.says("listening")
	if err := first.ended(); err != nil {
		t.Errorf("the first server, after it lost its socket: %v\n%s", err, first.log())
	}
	p := host.New("webhook-verify", third.socket, host.Options{})
	defer p.Close()
	cfg := pluginConfig(fmt.Sprintf(`{"provider":"github","respond":"continue","secrets":[{"value":%q}]}`, githubSecret))
	if o := access(p, githubRequest(githubSecret, 2048), cfg); o.err != nil || o.status != 0 {
		t.Errorf("the third server does not answer: %+v", o)
	}
}

// TestSocket_takeoverUnderLoadLosesNothing takes the socket over several times under load,
// as kong reload does.
func TestSocket_takeoverUnderLoadLosesNothing(t *testing.T) {
	prefix := shortDir(t)
	d := startDaemon(t, "webhook-verify", prefix)
	d.says("listening")
	p := host.New("webhook-verify", d.socket, host.Options{Workers: 2})
	defer p.Close()
	cfg := pluginConfig(fmt.Sprintf(`{"provider":"github","respond":"continue","secrets":[{"value":%q}]}`, githubSecret))
	ctx, stop := context.WithCancel(t.Context())
	result := make(chan hosttest.Result, 1)
	go func() {
		result <- hosttest.Load{Plugin: p, Config: cfg, Request: githubRequest(githubSecret, 2048), Concurrency: 8, Exchanges: 1 << 30}.Run(ctx)
	}()
	for range 3 {
		next := startDaemon(t, "webhook-verify", prefix, "-takeover=yes")
		next.says("listening")
		if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := d.ended(); err != nil {
			t.Errorf("the old server: %v\n%s", err, d.log())
		}
		d = next
	}
	stop()
	r := <-result
	if r.Failed != 0 || r.Exited != 0 || r.Continued < 100 {
		t.Errorf("%d passed, %d refused, %d failed: %v", r.Continued, r.Exited, r.Failed, r.Err)
	}
}

func TestFlags_helpVersionAndMistakes(t *testing.T) {
	tests := map[string]struct {
		args []string
		code int
		want string
	}{
		"help as go-pdk's":       {[]string{"-help"}, 2, "-kong-prefix"},
		"version":                {[]string{"-version"}, 0, "webhook-edge"},
		"dump":                   {[]string{"-dump", "-kong-prefix", "/x"}, 0, `"SocketPath":"/x/webhook-edge.socket"`},
		"an unknown flag":        {[]string{"-no-such-flag"}, 2, "not defined"},
		"an argument":            {[]string{"start"}, 2, "unexpected argument"},
		"a limit that is absurd": {[]string{"-max-frame-bytes", "1"}, 2, "-max-frame-bytes"},
		"an unknown log level":   {[]string{"-log-level", "loud"}, 1, "log level"},
		"a missing prefix":       {[]string{"-kong-prefix", "/nonexistent/prefix"}, 1, "/nonexistent/prefix"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			out, err := exec.Command(filepath.Join(binaries, "webhook-edge"), tc.args...).CombinedOutput()
			var exit *exec.ExitError
			code := 0
			if errors.As(err, &exit) {
				code = exit.ExitCode()
			}
			if code != tc.code || !strings.Contains(string(out), tc.want) {
				t.Errorf("exit %d, want %d and %q:\n%s", code, tc.code, tc.want, out)
			}
		})
	}
}

package host_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/local/host"
	"webhookedge/kong/local/host/hosttest"
	"webhookedge/kong/local/process"
	"webhookedge/kong/wire"
)

const secret = "It's a Secret to Everybody"

// stock is a plugin on go-pdk's own server, kept running for the test.
type stock struct {
	*host.Plugin
	proc *process.Process
}

func TestMain(m *testing.M) { os.Exit(hosttest.Main(m)) }

func startStock(t testing.TB, o host.Options) stock {
	t.Helper()
	binary := filepath.Join(hosttest.Stock(t), "stockplugin")
	prefix, err := os.MkdirTemp("", "stock")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(prefix) })
	proc, err := process.Start(process.Options{Name: "stockplugin", Binary: binary, Prefix: prefix, StopTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proc.Stop)
	ready(t, proc)
	p := host.New("stockplugin", proc.Socket(), o)
	t.Cleanup(p.Close)
	return stock{p, proc}
}

func ready(t testing.TB, p *process.Process) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := p.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
}

func config(seq int, mode, secret string) *host.Config {
	return &host.Config{ID: fmt.Sprintf("plugin-%d", seq), Seq: seq, JSON: fmt.Appendf(nil,
		`{"mode":%q,"secret":%q,"__seq__":%d,"__plugin_id":"plugin-%d"}`, mode, secret, seq, seq)}
}

func sign(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func delivery(body []byte, secret string) *host.Request {
	return &host.Request{
		Method: "POST", Target: "/webhooks/github", Scheme: "http", Version: 1.1, Body: body, ServerPort: 8000,
		Headers: []host.Header{{Name: "host", Value: "localhost"}, {Name: "x-hub-signature-256", Value: sign(body, secret)}},
		Peer:    netip.MustParseAddrPort("127.0.0.1:1234"), Client: netip.MustParseAddrPort("140.82.115.7:0"),
		ID: "0123456789abcdef0123456789abcdef", NginxID: "fedcba", NodeID: "node",
		Route: &wire.Route{ID: "r", Name: "github", Protocols: []string{"http"}, Paths: []string{"/webhooks"}},
	}
}

// outcome is what Kong would do next.
type outcome struct {
	Exit    int
	Body    string
	Headers map[string]string
}

func access(t *testing.T, p *host.Plugin, r *host.Request, cfg *host.Config) (outcome, error) {
	t.Helper()
	x := host.NewContext(r, nil)
	defer x.Close()
	err := p.Access(x, cfg)
	out := outcome{Headers: map[string]string{}}
	for name, values := range x.Response {
		out.Headers[name] = strings.Join(values, "|")
	}
	if x.Exit != nil {
		out.Exit, out.Body = x.Exit.Status, string(x.Exit.Body)
	}
	return out, err
}

func TestStockPlugin_answers(t *testing.T) {
	p := startStock(t, host.Options{Workers: 3, MaxRuns: 3})
	body := []byte(`{"zen":"Keep it logically awesome."}`)
	contentType := map[string]string{"Content-Type": "application/json"}
	verified := map[string]string{"Webhook-Verified": "0123456789abcdef0123456789abcdef"}
	both := map[string]string{"Webhook-Verified": verified["Webhook-Verified"], "Content-Type": "application/json"}
	cases := map[string]struct {
		cfg  *host.Config
		req  *host.Request
		want outcome
	}{
		"a good signature goes on with a header": {config(1, "continue", secret), delivery(body, secret), outcome{Headers: verified}},
		"a bad signature is refused":             {config(1, "continue", secret), delivery(body, "other"), outcome{401, `{"error":"unauthorized"}`, contentType}},
		"a good signature is answered":           {config(2, "exit", secret), delivery(body, secret), outcome{200, `{"ok":true}`, both}},
		"another instance has another secret":    {config(3, "exit", "other"), delivery(body, "other"), outcome{200, `{"ok":true}`, both}},
		"an empty secret refuses":                {config(4, "exit", ""), delivery(body, ""), outcome{401, `{"error":"unauthorized"}`, contentType}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			for worker := range 3 {
				tc.req.Worker = worker
				got, err := access(t, p.Plugin, tc.req, tc.cfg)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("worker %d (-want +got):\n%s", worker, diff)
				}
			}
		})
	}
}

// read is the stock plugin's report of what it read.
type read struct {
	Headers map[string][]string
	Errors  []string
	Length  int
	Sum     string
	Shared  string
	Route   string
	Pid     int
}

func report(t *testing.T, p *host.Plugin, r *host.Request) read {
	t.Helper()
	got, err := access(t, p, r, config(9, "report", secret))
	if err != nil {
		t.Fatal(err)
	}
	var out read
	if err := json.Unmarshal([]byte(got.Body), &out); err != nil {
		t.Fatalf("%v in %q", err, got.Body)
	}
	return out
}

func TestStockPlugin_reads(t *testing.T) {
	p := startStock(t, host.Options{})
	r := delivery([]byte("{}"), secret)
	r.Headers = append(r.Headers, host.Header{Name: "x-multi", Value: "one"}, host.Header{Name: "x-multi", Value: "two"})
	got := report(t, p.Plugin, r)
	want := read{
		Headers: map[string][]string{"host": {"localhost"}, "x-hub-signature-256": {sign([]byte("{}"), secret)}, "x-multi": {"one", "two"}},
		Length:  2, Sum: strings.TrimPrefix(sign([]byte("{}"), secret), "sha256="), Shared: "verified", Route: "github", Pid: got.Pid,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	t.Run("a body in a file", func(t *testing.T) {
		big := []byte(strings.Repeat("webhook ", 1<<20))
		path := filepath.Join(t.TempDir(), "body")
		if err := os.WriteFile(path, big, 0o600); err != nil {
			t.Fatal(err)
		}
		r := delivery(nil, secret)
		r.BodyFile = path
		got := report(t, p.Plugin, r)
		if got.Length != len(big) || "sha256="+got.Sum != sign(big, secret) {
			t.Errorf("read %d bytes with sum %s", got.Length, got.Sum)
		}
	})
	t.Run("a header byte that is not UTF-8 reaches the plugin", func(t *testing.T) {
		r := delivery([]byte("{}"), secret)
		r.Headers = append(r.Headers, host.Header{Name: "x-bad", Value: "caf\xe9"})
		got := report(t, p.Plugin, r)
		if len(got.Errors) != 1 || !strings.Contains(got.Errors[0], "invalid UTF-8") {
			t.Errorf("go-pdk reported %q, want its complaint about UTF-8", got.Errors)
		}
	})
}

func TestStockPlugin_dies(t *testing.T) {
	runs := 0
	p := startStock(t, host.Options{MaxRuns: 3, OnRerun: func(string, int) { runs++ }})
	r := delivery([]byte("{}"), secret)
	first := report(t, p.Plugin, r)
	if err := syscall.Kill(first.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the process is started again", func() bool { return p.proc.Starts() == 2 })
	ready(t, p.proc)
	second := report(t, p.Plugin, r)
	if second.Pid == first.Pid {
		t.Errorf("process %d still answers", first.Pid)
	}

	// go-pdk recovers no panic: the process dies, Kong sees a closed
	// connection, runs the handler again and cannot connect.
	_, err := access(t, p.Plugin, r, config(5, "panic", secret))
	if err == nil {
		t.Fatal("a plugin that panicked gave no error")
	}
	if runs == 0 && !errors.Is(err, host.ErrReruns) {
		t.Errorf("the handler was not run again: %v", err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
		runtime.Gosched()
		<-time.After(2 * time.Millisecond)
	}
}

func TestLeak_noSecretInLogsOrAnswers(t *testing.T) {
	p := startStock(t, host.Options{Workers: 2})
	body := []byte("{}")
	run := func(n int) {
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				for i := range n {
					r := delivery(body, secret)
					r.Worker = i
					cfg := config(1, "continue", secret)
					if (i+g)%2 == 0 {
						cfg = config(2, "exit", secret)
					}
					if _, err := access(t, p.Plugin, r, cfg); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
	}
	run(20)
	files, goroutines := openFiles(t), runtime.NumGoroutine()
	run(500)
	eventually(t, "descriptors and goroutines are where they were", func() bool {
		return openFiles(t) <= files+4 && runtime.NumGoroutine() <= goroutines+2
	})
}

func openFiles(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/telemetry"
)

func newServer(t *testing.T) *telemetry.Server {
	t.Helper()
	return telemetry.NewServer(newMetrics(t), slog.New(slog.DiscardHandler))
}

func ask(s *telemetry.Server, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

// gathered is what Prometheus would read.
func gathered(t *testing.T, m *telemetry.Metrics) string {
	t.Helper()
	w := ask(telemetry.NewServer(m, slog.New(slog.DiscardHandler)), http.MethodGet, "/metrics")
	if w.Code != http.StatusOK {
		t.Fatalf("status %d", w.Code)
	}
	return w.Body.String()
}

func TestServer_answersUntilShutdown(t *testing.T) {
	s := newServer(t)
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	base := "http://" + s.Addr().String()
	if err := s.Start("127.0.0.1:0"); !errors.Is(err, telemetry.ErrStarted) {
		t.Errorf("a second start: %v", err)
	}
	for path, want := range map[string]string{"/metrics": "webhook_edge_in_flight 0", "/healthz": `{"status":"ok"}`, "/readyz": `{"ready":true,"checks":[]}`} {
		resp, err := http.Get(base + path) //nolint:noctx // its own server
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	addr := s.Addr().String()
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.Addr() != nil {
		t.Error("it still has an address")
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		t.Error("it still listens", conn.Close())
	}
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Errorf("start again: %v", err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestServer_listensOnLoopbackWithoutAHost(t *testing.T) {
	s := newServer(t)
	if err := s.Start(":0"); err != nil {
		t.Fatal(err)
	}
	if addr, ok := s.Addr().(*net.TCPAddr); !ok || !addr.IP.IsLoopback() {
		t.Errorf("it listens on %v", s.Addr())
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestServer_offWithoutAnAddress(t *testing.T) {
	s := newServer(t)
	if err := s.Start(""); err != nil || s.Addr() != nil {
		t.Errorf("got %v, %v", s.Addr(), err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestServer_startsOnceTheAddressIsFree(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a test's own port
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t)
	if err := s.Start(taken.Addr().String()); err == nil {
		t.Fatal("a taken address was accepted")
	}
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(taken.Addr().String()); err != nil {
		t.Error(err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestServer_unknownPathsAndMethods(t *testing.T) {
	s := newServer(t)
	for request, want := range map[string]int{"GET /": 404, "POST /readyz": 405, "POST /metrics": 405, "DELETE /healthz": 405, "HEAD /healthz": 200, "GET /debug/pprof/": 404} {
		method, path, _ := strings.Cut(request, " ")
		if got := ask(s, method, path).Code; got != want {
			t.Errorf("%s: %d, want %d", request, got, want)
		}
	}
}

type readiness struct {
	Ready  bool
	Checks []struct {
		Name string
		OK   bool
		Why  string

		Degraded bool
	}
}

func ready(t *testing.T, s *telemetry.Server) (int, string) {
	t.Helper()
	w := ask(s, http.MethodGet, "/readyz")
	var got readiness
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, c := range got.Checks {
		out.WriteString(c.Name)
		if c.Degraded {
			out.WriteString(" (degraded)")
		}
		if c.Why != "" {
			out.WriteString(": " + c.Why)
		}
		out.WriteString("\n")
	}
	if got.Ready != (w.Code == http.StatusOK) {
		t.Errorf("ready is %v with status %d", got.Ready, w.Code)
	}
	return w.Code, out.String()
}

func passes(context.Context) error { return nil }

func TestReady_listsEveryCheck(t *testing.T) {
	s := newServer(t)
	s.AddCheck("spool", passes)
	removeNATS := s.AddCheck("nats", func(context.Context) error { return errors.New("not connected") })
	removePanic := s.AddCheck("bundle", func(context.Context) error { panic("s3cr3t") })
	code, text := ready(t, s)
	if diff := cmp.Diff("bundle: the check panicked\nnats: not connected\nspool\n", text); diff != "" || code != 503 {
		t.Errorf("%d (-want +got):\n%s", code, diff)
	}
	removeNATS()
	removeNATS()
	removePanic()
	if code, text := ready(t, s); code != 200 || text != "spool\n" {
		t.Errorf("%d %s", code, text)
	}
}

func TestReady_degradedCheckPassesAndSaysWhy(t *testing.T) {
	s := newServer(t)
	s.AddCheck("nats", func(context.Context) error {
		return fmt.Errorf("here: %w", &telemetry.Degraded{Err: errors.New("events go to the spool")})
	})
	if code, text := ready(t, s); code != 200 || text != "nats (degraded): here: events go to the spool\n" {
		t.Errorf("%d %s", code, text)
	}
}

func TestReady_keepsChecksOfOneNameApart(t *testing.T) {
	s := newServer(t)
	remove := s.AddCheck("nats", func(context.Context) error { return errors.New("first") })
	s.AddCheck("nats", passes)
	if code, text := ready(t, s); code != 503 || text != "nats: first\nnats\n" {
		t.Errorf("%d %s", code, text)
	}
	remove()
	if code, text := ready(t, s); code != 200 || text != "nats\n" {
		t.Errorf("%d %s", code, text)
	}
}

func TestReady_timesOutASlowCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		stuck := make(chan struct{})
		asked := 0
		s.AddCheck("deaf", func(context.Context) error { asked++; <-stuck; return nil })
		s.AddCheck("polite", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		s.AddCheck("quick", passes)
		for range 20 {
			start := time.Now()
			code, text := ready(t, s)
			if took := time.Since(start); took != 2*time.Second {
				t.Errorf("it took %v", took)
			}
			if code != 503 || !strings.HasPrefix(text, "deaf: no answer within 2s\npolite: ") || !strings.HasSuffix(text, "\nquick\n") {
				t.Errorf("%d %s", code, text)
			}
			synctest.Wait()
		}
		if asked > 4 {
			t.Errorf("a stuck check was started %d times", asked)
		}
		close(stuck)
	})
}

func TestReady_runsChecksConcurrently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		for range 10 {
			s.AddCheck("slow", func(context.Context) error { time.Sleep(time.Second); return nil })
		}
		start := time.Now()
		if code, text := ready(t, s); code != 200 || time.Since(start) != time.Second {
			t.Errorf("%d after %v: %s", code, time.Since(start), text)
		}
	})
}

func TestReady_boundsTheNumberOfChecks(t *testing.T) {
	s := newServer(t)
	for range 65 {
		s.AddCheck("one", passes)
	}
	if code, text := ready(t, s); code != 503 || strings.Count(text, "not asked") != 1 {
		t.Errorf("%d %s", code, text)
	}
}

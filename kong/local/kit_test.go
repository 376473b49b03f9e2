package local_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"webhookedge/kong/local"
	"webhookedge/kong/local/host/hosttest"
)

func TestMain(m *testing.M) { os.Exit(hosttest.Main(m)) }

func kongYML(backend string) string {
	return `_format_version: "3.0"
services:
  - name: legacy
    url: ` + backend + `/base
routes:
  - name: exits
    paths: [/exits]
    plugins:
      - {name: stockplugin, config: {mode: exit, secret: "` + secret + `"}}
  - name: terminated
    paths: [/terminated]
    plugins:
      - {name: stockplugin, config: {mode: continue, secret: "` + secret + `"}}
      - {name: request-termination, config: {status_code: 202, message: stored}}
  - name: proxied
    service: legacy
    paths: [/proxied]
    plugins:
      - {name: stockplugin, config: {mode: continue, secret: "` + secret + `"}}
  - name: nowhere
    paths: [/nowhere]
  - name: secure
    protocols: [https]
    paths: [/secure]
  - name: report
    paths: [/report]
    plugins:
      - {name: stockplugin, config: {mode: report}}
  - name: panics
    paths: [/panics]
    plugins:
      - {name: stockplugin, config: {mode: panic}}
plugins:
  - name: cors
`
}

// logs gathers log lines.
type logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logs) Write(b []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.buf.Write(b) }
func (l *logs) String() string              { l.mu.Lock(); defer l.mu.Unlock(); return l.buf.String() }

func start(t *testing.T, o local.Options) (*local.Server, *logs) {
	t.Helper()
	l := &logs{}
	o.Logger = slog.New(slog.NewTextHandler(l, nil))
	o.Listen, o.NoBuild = "127.0.0.1:0", true
	s, err := local.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s, l
}

type answer struct {
	Status int
	Body   string
	Header http.Header
}

func post(t *testing.T, s *local.Server, path, body string, header map[string]string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.Addr().String()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, string(text), resp.Header}
}

func signature(body string) map[string]string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return map[string]string{"X-Hub-Signature-256": "sha256=" + hex.EncodeToString(mac.Sum(nil))}
}

// backend is a service that says what it was sent.
func backend(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Backend", "yes")
		w.WriteHeader(http.StatusAccepted)
		_ = json.NewEncoder(w).Encode(map[string]string{
			"uri": r.RequestURI, "host": r.Host, "body": string(body), "for": r.Header.Get("X-Forwarded-For"), "prefix": r.Header.Get("X-Forwarded-Prefix"),
		})
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

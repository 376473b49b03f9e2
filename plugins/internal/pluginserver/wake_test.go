package pluginserver

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestWake_asksUntilAPluginAnswers has a Kong that starts: no plugin yet, then no route,
// then the plugin's refusal.
func TestWake_asksUntilAPluginAnswers(t *testing.T) {
	var asked atomic.Int64
	kong := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.ContentLength > 0 || r.URL.Path != "/webhooks/github" {
			t.Errorf("%s %s with %d bytes", r.Method, r.URL.Path, r.ContentLength)
		}
		switch asked.Add(1) {
		case 1:
			w.WriteHeader(http.StatusInternalServerError)
		case 2:
			w.WriteHeader(http.StatusNotFound)
		default:
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	}))
	defer kong.Close()
	var log bytes.Buffer
	wake(t.Context(), []string{kong.URL + "/webhooks/github", kong.URL + "/webhooks/github"}, time.Millisecond, slog.New(slog.NewTextHandler(&log, nil)))
	if n := asked.Load(); n != 4 || log.Len() > 0 {
		t.Errorf("asked %d times, want 3 and 1; log %s", n, &log)
	}
}

func TestWake_followsNobody(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it followed a redirect") }))
	defer elsewhere.Close()
	kong := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusFound))
	defer kong.Close()
	wake(t.Context(), []string{kong.URL}, time.Millisecond, slog.New(slog.DiscardHandler))
}

func TestWake_refusesOtherURLs(t *testing.T) {
	for list, good := range map[string]bool{
		"": true, "http://127.0.0.1:8000/a": true, "http://127.0.0.1:8000/a,https://localhost/b": true,
		"127.0.0.1:8000": false, "file:///etc/passwd": false, "http://u:p@127.0.0.1/": false, "http://": false,
		strings.Repeat("http://127.0.0.1/,", 40): false,
	} {
		if _, err := wakeURLs(list); (err == nil) != good {
			t.Errorf("%q: %v", list, err)
		} else if err != nil && strings.Contains(err.Error(), "u:p") {
			t.Errorf("the error holds a password: %v", err)
		}
	}
}

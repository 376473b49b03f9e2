package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"webhookedge/kong/local/host"
)

// TestFourOfTheLargestBodiesAtOnceStaySmall sends the largest body that GitHub
// delivers, four at a time and again and again, as Kong hands it over: as a file.
func TestFourOfTheLargestBodiesAtOnceStaySmall(t *testing.T) {
	const limit = 150 << 20
	size := 25 << 20
	if raceDetector { // everything takes ten times as long and as much
		size = 9 << 20 // still over max_payload, so that the object store gets it
	}
	broker := startNATS(t)
	proc, plugin := startPlugin(t, "webhook-edge", nil)
	for _, sent := range []struct{ name, contentType string }{
		{"JSON", "application/json"},
		{"a form", "application/x-www-form-urlencoded"},
	} {
		t.Run(sent.name, func(t *testing.T) {
			request := largeRequest(t, size, sent.contentType)
			cfg := edgeConfig(broker.url(), "")
			for range 4 {
				var wg sync.WaitGroup
				for range 4 {
					wg.Go(func() {
						o := access(plugin, request, cfg)
						if o.err != nil || o.status != 0 || o.ack != "broker" && o.ack != "duplicate" {
							t.Errorf("%+v", o)
						}
					})
				}
				wg.Wait()
			}
			peak := field(t, status(t, proc.Pid()), "VmHWM:") * 1024
			t.Logf("peak resident: %.0f MB", peak/1e6)
			if peak > limit && !raceDetector { // which needs several times the memory
				t.Errorf("peak resident %.0f MB, limit %d MB", peak/1e6, limit/1_000_000)
			}
		})
	}
}

func largeRequest(t *testing.T, size int, contentType string) *host.Request {
	t.Helper()
	head, tail := `{"action":"opened","repository":{"full_name":"octo-org/hello"},"x":"`, `"}`
	if contentType != "application/json" {
		head, tail = "payload=%7B%22action%22%3A%22opened%22%2C%22x%22%3A%22", "%22%7D"
	}
	body := head + strings.Repeat("x", size-len(head)-len(tail)) + tail
	path := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	r := githubRequest(githubSecret, 2048)
	r.Body, r.BodyFile, r.Headers = nil, path, nil
	for name, values := range senders()["github"].sign(githubSecret, "large "+contentType, body, time.Now()) {
		value := values[0]
		if name == "Content-Type" {
			value = contentType
		}
		r.Headers = append(r.Headers, host.Header{Name: strings.ToLower(name), Value: value})
	}
	return r
}

func status(t testing.TB, pid int) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

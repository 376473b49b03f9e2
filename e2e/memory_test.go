package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"webhookedge/kong/local/host"
)

// TestMemory_fourLargestBodiesAtOnce sends the largest body that GitHub
// delivers, four at a time and again, as Kong hands it over: as a file.
func TestMemory_fourLargestBodiesAtOnce(t *testing.T) {
	const limit = 150 << 20
	size, atOnce, rounds := 25<<20, 4, 2
	if raceDetector { // everything takes ten times as long and as much
		size, atOnce, rounds = 9<<20, 2, 2 // still over max_payload, so that the object store gets it
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
			for range rounds {
				var wg sync.WaitGroup
				for range atOnce {
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

// TestMemory_refusedBodiesTakeNone sends many such bodies at once that the edge refuses
// for the sender's address, the declared length or the signature.
func TestMemory_refusedBodiesTakeNone(t *testing.T) {
	const size, atOnce = 25 << 20, 16
	broker := startNATS(t)
	large := func(header, value string) *host.Request {
		r := largeRequest(t, size, "application/json")
		r.Headers = slices.DeleteFunc(r.Headers, func(h host.Header) bool { return h.Name == header })
		r.Headers = append(r.Headers, host.Header{Name: header, Value: value})
		return r
	}
	unread := large("x-any", "x")
	unread.BodyFile = filepath.Join(t.TempDir(), "nobody-reads-it")
	tests := map[string]struct {
		request  *host.Request
		settings string
		status   []int
		limit    float64 // bytes of resident memory over that of the process at rest
	}{
		"an address on no list":   {unread, `,"ipallow":{"allow":["198.51.100.1"]}`, []int{403}, 16e6},
		"a limit that is used up": {unread, `,"ratelimit":{"limits":[{"by":"client_ip","rate":"1-D"}]}`, []int{429, 500}, 16e6}, // 500: the first, whose file is not there
		"a length over the limit": {large("content-length", "26214401"), "", []int{413}, 16e6},
		"no signature":            {large("x-hub-signature-256", ""), "", []int{401, 503}, 110e6},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			proc, plugin := startPlugin(t, "webhook-edge", nil)
			cfg := edgeConfig(broker.url(), tc.settings)
			access(plugin, unread, cfg) // the instance starts
			rest := field(t, status(t, proc.Pid()), "VmHWM:") * 1024
			var wg sync.WaitGroup
			for range atOnce {
				wg.Go(func() {
					for range 4 {
						if o := access(plugin, tc.request, cfg); o.err != nil || !slices.Contains(tc.status, o.status) {
							t.Errorf("%+v", o)
						}
					}
				})
			}
			wg.Wait()
			peak := field(t, status(t, proc.Pid()), "VmHWM:")*1024 - rest
			t.Logf("peak resident: %.0f MB more than at rest", peak/1e6)
			if peak > tc.limit && !raceDetector {
				t.Errorf("peak resident %.0f MB more than at rest, limit %.0f MB", peak/1e6, tc.limit/1e6)
			}
		})
	}
}

func largeRequest(t *testing.T, size int, contentType string) *host.Request {
	t.Helper()
	head, tail := `{"action":"opened","issue":{"number":1},"repository":{"full_name":"octo-org/hello"},"x":"`, `"}`
	if contentType != "application/json" {
		head, tail = "payload=%7B%22action%22%3A%22opened%22%2C%22issue%22%3A%7B%7D%2C%22x%22%3A%22", "%22%7D"
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

package local_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"webhookedge/kong/local"
	"webhookedge/kong/local/host/hosttest"
)

// raw sends bytes as they are, for requests that net/http would not send.
func raw(t *testing.T, s *local.Server, request string) (int, string) {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := c.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body strings.Builder
	_, _ = bufio.NewReader(resp.Body).WriteTo(&body)
	return resp.StatusCode, body.String()
}

func TestServer_bytesThatAreNotUTF8(t *testing.T) {
	s, _ := start(t, local.Options{Config: []byte(kongYML("http://127.0.0.1:1")), PluginDir: hosttest.Stock(t)})
	status, body := raw(t, s, "POST /report/caf\xe9?x=\xe9 HTTP/1.1\r\nHost: x\r\nX-Bad: \xe9\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
	var got struct{ Errors []string }
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%d %q: %v", status, body, err)
	}
	// go-pdk refuses what Kong sends as it came: once for headers, once for
	// the path.
	if status != 200 || len(got.Errors) != 2 || !strings.HasPrefix(got.Errors[0], "headers: ") || !strings.HasPrefix(got.Errors[1], "path: ") {
		t.Errorf("got %d %q", status, got.Errors)
	}
}

func TestServer_largeRequests(t *testing.T) {
	s, _ := start(t, local.Options{Config: []byte(kongYML("http://127.0.0.1:1")), PluginDir: hosttest.Stock(t)})
	body := strings.Repeat("x", 20001) // goes to a file
	chunked := "POST /exits HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: " + signature(body)["X-Hub-Signature-256"] +
		"\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	if status, _ := raw(t, s, chunked); status != 200 {
		t.Errorf("a chunked body gave %d", status)
	}
	if status, _ := raw(t, s, "GET /exits HTTP/1.1\r\nHost: x\r\nX-Long: "+strings.Repeat("x", 64<<10)+"\r\n\r\n"); status != 431 {
		t.Errorf("a header over the limit gave %d", status)
	}
}

func TestClientIP_trustedPeers(t *testing.T) {
	config := []byte(strings.Replace(kongYML(backend(t)), "protocols: [https]", "protocols: [https]\n    service: legacy", 1))
	body := "{}"
	header := signature(body)
	header["X-Forwarded-For"], header["X-Forwarded-Proto"] = "140.82.115.7", "https"
	dir := hosttest.Stock(t)
	cases := map[string]struct {
		trusted []string
		client  string
		status  int // of the route that is for https alone
	}{
		"a trusted peer is believed": {[]string{"127.0.0.1"}, "140.82.115.7", 202},
		"a stranger is not":          {nil, "127.0.0.1", 426},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var client string
			s, _ := start(t, local.Options{
				Config: config, PluginDir: dir, TrustedIPs: tc.trusted, RealIPHeader: "X-Forwarded-For",
				OnDelivery: func(d local.Delivery) { mu.Lock(); defer mu.Unlock(); client = d.ClientIP },
			})
			got := post(t, s, "/secure", body, header)
			if got.Status != tc.status {
				t.Errorf("status %d, want %d", got.Status, tc.status)
			}
			eventually(t, "the delivery is told", func() bool { mu.Lock(); defer mu.Unlock(); return client != "" })
			if client != tc.client {
				t.Errorf("client %s, want %s", client, tc.client)
			}
		})
	}
}

func TestServer_resolvesOnlyReferenceableFields(t *testing.T) {
	env := map[string]string{"HOOK_SECRET": secret}
	config := []byte(strings.ReplaceAll(kongYML("http://127.0.0.1:1"), secret, "{vault://env/hook-secret}"))
	s, l := start(t, local.Options{Config: config, PluginDir: hosttest.Stock(t), Workers: 3, Env: func(n string) (string, bool) { v, ok := env[n]; return v, ok }})
	// go-pdk's schema marks nothing as referenceable, so the reference arrives
	// as it is written, as under Kong.
	for range 3 {
		if got := post(t, s, "/exits", "x", signature("x")); got.Status != 401 {
			t.Errorf("a reference in a plain field was resolved: %d", got.Status)
		}
	}
	if strings.Contains(l.String(), secret) {
		t.Error("the secret is in the log")
	}
}

// TestServer_manyRequestsLeakNothing mixes answers, which cost a connection each, with
// bodies in files.
func TestServer_manyRequestsLeakNothing(t *testing.T) {
	s, _ := start(t, local.Options{Config: []byte(kongYML("http://127.0.0.1:1")), PluginDir: hosttest.Stock(t), Workers: 2})
	big := strings.Repeat("x", 10000)
	run := func(n int) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range n {
					post(t, s, "/exits", big, signature(big))
					post(t, s, "/terminated", "x", signature("x"))
					post(t, s, "/other", "", nil)
				}
			})
		}
		wg.Wait()
		http.DefaultClient.CloseIdleConnections()
	}
	run(10)
	settled := func() (int, int) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries), runtime.NumGoroutine()
	}
	files, goroutines := settled()
	run(100)
	eventually(t, "descriptors and goroutines are where they were", func() bool {
		f, g := settled()
		return f <= files+4 && g <= goroutines+2
	})
}

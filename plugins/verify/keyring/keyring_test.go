package keyring_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"webhookedge/plugins/verify/keyring"
)

// clock is moved by the tests.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(1_750_000_000+c.offset.Load(), 0) }

// publisher is a provider's server on loopback.
func publisher(t *testing.T, handle http.HandlerFunc) (ring *keyring.Ring, url string, c *clock, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	c = &clock{}
	ring = keyring.New(keyring.Options{Roots: roots, Now: c.now, Allow: func(a netip.Addr) bool { return a.IsLoopback() }})
	return ring, server.URL, c, asked
}

func TestRing_fetchesADocumentOnceAnHour(t *testing.T) {
	ring, url, c, asked := publisher(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("keys")) })
	for range 3 {
		if doc, err := ring.Get(t.Context(), url); err != nil || string(doc) != "keys" {
			t.Fatalf("%q, %v", doc, err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	c.offset.Add(3601)
	if doc, err := ring.Get(t.Context(), url); err != nil || string(doc) != "keys" {
		t.Errorf("after an hour: %q, %v", doc, err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for asked.Load() != 2 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	if asked.Load() != 2 {
		t.Errorf("asked %d times in two hours", asked.Load())
	}
}

func TestRing_deliveriesShareAFetch(t *testing.T) {
	release := make(chan struct{})
	ring, url, _, asked := publisher(t, func(w http.ResponseWriter, _ *http.Request) { <-release; w.Write([]byte("keys")) })
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := ring.Get(t.Context(), url); err != nil {
				t.Error(err)
			}
		})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := ring.Get(ctx, url); !errors.Is(err, keyring.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a sender without patience: %v", err)
	}
	close(release)
	wg.Wait()
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

func TestRing_refusesWhatIsNoDocument(t *testing.T) {
	for name, handle := range map[string]http.HandlerFunc{
		"a redirect":    func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/keys", http.StatusFound) },
		"a 404":         http.NotFound,
		"too much":      func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(strings.Repeat("x", 256<<10+1))) },
		"nothing":       func(http.ResponseWriter, *http.Request) {},
		"half a header": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			ring, url, c, asked := publisher(t, handle)
			for range 3 {
				if doc, err := ring.Get(t.Context(), url+"/?token=octo-secret"); !errors.Is(err, keyring.ErrUnavailable) || strings.Contains(err.Error(), "octo-secret") {
					t.Errorf("%q, %v", doc, err)
				}
			}
			before := asked.Load()
			c.offset.Add(11)
			if _, err := ring.Get(t.Context(), url+"/?token=octo-secret"); err == nil || asked.Load() == before {
				t.Errorf("after a while: %v, asked %d and %d times", err, before, asked.Load())
			}
		})
	}
}

func TestRing_servesAnOldDocumentWhileTheProviderIsDown(t *testing.T) {
	var gone atomic.Bool
	ring, url, c, _ := publisher(t, func(w http.ResponseWriter, r *http.Request) {
		if gone.Load() {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte("keys"))
	})
	if _, err := ring.Get(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	gone.Store(true)
	c.offset.Add(23 * 3600)
	if doc, err := ring.Get(t.Context(), url); err != nil || string(doc) != "keys" {
		t.Errorf("within a day: %q, %v", doc, err)
	}
	c.offset.Add(2 * 3600)
	if _, err := ring.Get(t.Context(), url); !errors.Is(err, keyring.ErrUnavailable) {
		t.Errorf("after a day: %v", err)
	}
}

func TestRing_callsPublicAddressesOnly(t *testing.T) {
	called := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer server.Close()
	ring := keyring.New(keyring.Options{})
	for _, address := range []string{
		server.URL, "https://localhost" + server.URL[strings.LastIndex(server.URL, ":"):], "http://192.0.2.1/", "https://10.0.0.1/",
		"https://169.254.169.254/", "https://[fe80::1%25lo]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[fec0::1]/",
		"https://2130706433/", "https://0x7f.1/", "https://[::]/", "https://0.0.0.0/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/", "https://100.64.0.1/", "https://user@192.0.2.1/", "nonsense",
	} {
		if _, err := ring.Get(t.Context(), address); !errors.Is(err, keyring.ErrUnavailable) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if called {
		t.Error("a loopback address was called")
	}
}

func TestRing_trustsConfiguredAuthoritiesOnly(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("keys")) }))
	defer server.Close()
	ring := keyring.New(keyring.Options{Roots: x509.NewCertPool(), Allow: func(netip.Addr) bool { return true }})
	if _, err := ring.Get(t.Context(), server.URL); !errors.Is(err, keyring.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

// TestRing_failuresEvictNoDocument asks for more addresses than are kept, as a forger may
// who chooses the address of a key.
func TestRing_failuresEvictNoDocument(t *testing.T) {
	ring, url, c, asked := publisher(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/keys" {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte("keys"))
	})
	if _, err := ring.Get(t.Context(), url+"/keys"); err != nil {
		t.Fatal(err)
	}
	for i := range 1100 {
		c.offset.Add(1)
		if _, err := ring.Get(t.Context(), url+"/"+strconv.Itoa(i)); !errors.Is(err, keyring.ErrUnavailable) {
			t.Fatal(err)
		}
	}
	before := asked.Load()
	if doc, err := ring.Get(t.Context(), url+"/keys"); err != nil || string(doc) != "keys" || asked.Load() != before {
		t.Errorf("%q, %v, asked %d times more", doc, err, asked.Load()-before)
	}
}

func TestRing_boundsFetchesOfAHost(t *testing.T) {
	release := make(chan struct{})
	ring, url, _, asked := publisher(t, func(w http.ResponseWriter, _ *http.Request) { <-release; w.Write([]byte("keys")) })
	before := runtime.NumGoroutine()
	var refused, served atomic.Int64
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if _, err := ring.Get(t.Context(), url+"/"+strconv.Itoa(i)); err != nil {
				refused.Add(1)
				return
			}
			served.Add(1)
		})
	}
	eventually(t, "192 are refused", func() bool { return refused.Load() == 192 })
	close(release)
	wg.Wait()
	if served.Load() != 8 || asked.Load() > 8 {
		t.Errorf("%d were served, the host was asked %d times", served.Load(), asked.Load())
	}
	// What was refused for this reason is no failure of the address.
	if doc, err := ring.Get(t.Context(), url+"/199"); err != nil || string(doc) != "keys" {
		t.Errorf("afterwards: %q, %v", doc, err)
	}
	eventually(t, "no goroutine is left of them", func() bool { return runtime.NumGoroutine() <= before+20 })
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// TestRing_timesOutASlowBody has servers that never come to an end.
func TestRing_timesOutASlowBody(t *testing.T) {
	drip := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte("x")); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
		}
		panic(http.ErrAbortHandler) // returning would end the document
	}
	for name, handle := range map[string]http.HandlerFunc{
		"before the answer":   func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"within the answer":   drip,
		"more than it said":   func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "1000000"); drip(w, r) },
		"an encoded document": func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Encoding", "gzip"); drip(w, r) },
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewTLSServer(handle)
			t.Cleanup(server.Close)
			roots := x509.NewCertPool()
			roots.AddCert(server.Certificate())
			ring := keyring.New(keyring.Options{Roots: roots, Timeout: 100 * time.Millisecond, Allow: func(netip.Addr) bool { return true }})
			if doc, err := ring.Get(t.Context(), server.URL); !errors.Is(err, keyring.ErrUnavailable) {
				t.Errorf("%q, %v", doc, err)
			}
		})
	}
}

func TestRing_renewsADocumentOnceAMinute(t *testing.T) {
	var version atomic.Int64
	ring, url, c, asked := publisher(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte("keys " + strconv.FormatInt(version.Add(1), 10)))
	})
	if _, err := ring.Get(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	if doc, err := ring.Renew(t.Context(), url); !errors.Is(err, keyring.ErrUnavailable) {
		t.Errorf("just now: %q, %v", doc, err)
	}
	c.offset.Add(61)
	for range 3 {
		if doc, err := ring.Renew(t.Context(), url); err == nil && string(doc) != "keys 2" {
			t.Errorf("a minute later: %q", doc)
		}
	}
	if doc, err := ring.Get(t.Context(), url); err != nil || string(doc) != "keys 2" || asked.Load() != 2 {
		t.Errorf("%q, %v, asked %d times", doc, err, asked.Load())
	}
}

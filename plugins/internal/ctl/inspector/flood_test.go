package inspector_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/observe"
)

// look does what an open page does until ctx is done: it waits for ticks, and asks for the
// first rows of a filter after each. It returns the number of ticks and the longest answer.
func look(ctx context.Context, address string) (ticks int, longest time.Duration, err error) {
	get := func(path string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+path, nil)
		if err != nil {
			return nil, err
		}
		return http.DefaultClient.Do(r)
	}
	a, err := get("api/updates")
	if err != nil {
		return 0, 0, err
	}
	defer a.Body.Close()
	for lines := bufio.NewScanner(a.Body); lines.Scan(); {
		if !strings.HasPrefix(lines.Text(), "data: ") {
			continue
		}
		ticks++
		start := time.Now()
		page, err := get("api/deliveries?code=accepted&count=100")
		if err != nil {
			break // the end
		}
		if _, err := io.Copy(io.Discard, page.Body); err != nil {
			break
		}
		_ = page.Body.Close()
		longest = max(longest, time.Since(start))
	}
	return ticks, longest, nil
}

// BenchmarkFlood has 100,000 records come as fast as NATS takes them, while a page is open.
func BenchmarkFlood(b *testing.B) {
	const records = 100_000
	js := natstest.JetStream(b)
	for b.Loop() {
		page, err := inspector.Start(inspector.Setup{
			Site: site.Site{
				Mode: site.Inspect, JetStream: func(context.Context) (jetstream.JetStream, error) { return js, nil },
				Connected: js.Conn().IsConnected, Streams: func() []string { return nil },
			},
			Records: "trace.>", Listen: "127.0.0.1:0",
		})
		if err != nil {
			b.Fatal(err)
		}
		ctx, stop := context.WithCancel(b.Context())
		type seen struct {
			ticks   int
			longest time.Duration
			err     error
		}
		looked := make(chan seen, 1)
		go func() {
			var s seen
			s.ticks, s.longest, s.err = look(ctx, page.URL())
			looked <- s
		}()
		start := time.Now()
		for first := true; total(b, page.URL()) == 0; first = false { // until it is subscribed
			if !first {
				time.Sleep(5 * time.Millisecond)
			}
			publish(b, js, 0)
		}
		for n := 0; n < records; n += atOnce {
			flood(b, js, page.URL(), n)
		}
		took := time.Since(start)
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		stop()
		s := <-looked
		if s.err != nil {
			b.Fatal(s.err)
		}
		b.ReportMetric(records/took.Seconds(), "records/s")
		b.ReportMetric(float64(m.HeapAlloc>>20), "MiB")
		b.ReportMetric(float64(s.longest.Milliseconds()), "ms/page-at-most")
		b.ReportMetric(float64(s.ticks)/took.Seconds(), "ticks/s")
		if err := page.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// atOnce is fewer records than wait for the feed, of which none is lost.
const atOnce = 5000

// flood publishes records, and waits until the list has them.
func flood(b *testing.B, js jetstream.JetStream, address string, from int) {
	b.Helper()
	for n := range atOnce {
		publish(b, js, from+n)
	}
	for deadline := time.Now().Add(20 * time.Second); total(b, address) < from+atOnce; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.Fatalf("%d of %d", total(b, address), from+atOnce)
		}
	}
}

func total(b *testing.B, address string) int {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address+"api/deliveries?count=1", nil)
	if err != nil {
		b.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Body.Close()
	var p api.Page
	if err := json.NewDecoder(a.Body).Decode(&p); err != nil {
		b.Fatal(err)
	}
	return p.Total
}

func publish(b *testing.B, js jetstream.JetStream, n int) {
	b.Helper()
	text, err := json.Marshal(&observe.Record{
		Version: 1, At: time.Now(), RequestID: fmt.Sprintf("%032x", n), Route: "hub", Provider: "github", Status: 200, Code: "accepted", Micros: 420, Ack: "broker",
		Steps:  []observe.Step{{Stage: "verify", Micros: 40}, {Stage: "normalize", Micros: 60}, {Stage: "policy", Micros: 30}, {Stage: "publish", Micros: 280}},
		Proof:  &observe.Proof{Scheme: "sha256", SecretID: "1", Covers: []string{"body"}},
		Events: []observe.Event{{ID: fmt.Sprintf("%036x", n), Type: "github.issues.opened", Tenant: "octo", Subject: "octo/hello", Rule: "to_issues"}},
		Stream: "WEBHOOKS", Sequence: uint64(n + 1),
	})
	if err == nil {
		err = js.Conn().Publish("trace.all", text)
	}
	if err != nil {
		b.Fatal(err)
	}
}

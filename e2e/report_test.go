package e2e

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local/host"
	"webhookedge/kong/local/host/hosttest"
)

const (
	// reportConcurrency is how many deliveries BenchmarkReport has under way at once.
	reportConcurrency = 32
	// reportWarmUp is how many come before those that are measured.
	reportWarmUp = 2000
)

// reportRow is one way to take a delivery.
type reportRow struct {
	name    string
	synced  bool   // NATS syncs before it acknowledges
	respond string // continue where empty
	journal string // settings beside the journal's directory; no journal where empty
	more    string // settings of other stages
}

// BenchmarkReport is what `make bench-report` prints: what a delivery of 2 KB, one of 32
// under way at once, costs the plugin process and NATS, as CPU time, system calls (reads
// and writes) and voluntary context switches; and how long it takes at half of the rate
// that was reached. Its baselines are a plugin on go-pdk's own
// server that only checks an HMAC, and a bare HTTP handler that also publishes.
func BenchmarkReport(b *testing.B) {
	if err := build("webhookedge/kong/local/host/hosttest/stockplugin", raceDetector); err != nil {
		b.Fatal(err)
	}
	fmt.Println("nats-server: " + server.VERSION) // a line of configuration for benchreport
	library, err := filepath.Abs(filepath.Join("..", "policies"))
	if err != nil {
		b.Fatal(err)
	}
	policy := fmt.Sprintf(`,"policy":{"directory":%q}`, library)
	perimeter := `,"ipallow":{"allow":["192.0.2.0/24"]},"ratelimit":{"limits":[{"rate":"1000000-S","by":"client_net"}]}`
	b.Run("stock-HMAC-only", func(b *testing.B) {
		r := reportRun{b: b}
		r.start("stockplugin", fmt.Sprintf(`{"secret":%q,"mode":"read"}`, githubSecret))
		r.measure(r.run)
	})
	b.Run("bare-HTTP", func(b *testing.B) {
		r := reportRun{b: b, broker: startNATS(b)}
		var url string
		r.pid, url = bareServer(b, r.broker)
		r.vary()
		r.measure(func(n int) (float64, error) {
			start := time.Now()
			err := post(b.Context(), url, r.load.Request, n, reportConcurrency, r.load.Vary)
			r.sent += n
			return float64(n) / time.Since(start).Seconds(), err
		})
	})
	for _, row := range []reportRow{
		{name: "edge"},
		{name: "edge-without-Webhook-Ack", more: `,"ack_header":false`},
		{name: "edge-policy", more: policy},
		{name: "edge-all-six", more: perimeter + policy},
		{name: "edge-exit", respond: "exit"},
		{name: "edge-journal", journal: `"ack":"both"`},
		{name: "edge-journal-alone", journal: `"ack":"journal"`},
		{name: "edge-synced-NATS", synced: true},
	} {
		b.Run(row.name, func(b *testing.B) {
			r := reportRun{b: b, broker: startNATS(b, natsSync(row.synced))}
			r.start("webhook-edge", row.config(b, r.broker.url()))
			r.measure(r.run)
		})
	}
}

func (row *reportRow) config(b *testing.B, url string) string {
	publish := `"broker_sync":"interval"`
	if row.synced {
		publish = `"broker_sync":"always"`
	}
	if row.journal != "" {
		publish += fmt.Sprintf(`,%s,"journal":{"directory":%q}`, row.journal, b.TempDir())
	}
	return fmt.Sprintf(`{"provider":"github","respond":%q,"verify":{"secrets":[{"value":%q}]},"publish":{"servers":[%q],"stream":{"ensure":"create"},%s}%s}`,
		cmp.Or(row.respond, "continue"), githubSecret, url, publish, row.more)
}

// reportRequest is a delivery, and what makes another event of it by a number.
func reportRequest() (*host.Request, func(*host.Request, int64)) {
	request := githubRequest(githubSecret, 2048)
	request.Variables = variables
	at := func(name string) int {
		return slices.IndexFunc(request.Headers, func(h host.Header) bool { return h.Name == name })
	}
	id, signature := at("x-github-delivery"), at("x-hub-signature-256")
	return request, func(q *host.Request, n int64) {
		q.ID = fmt.Sprintf("%032x", n)
		q.Body = append(slices.Clone(request.Body[:len(request.Body)-len(q.ID)-3]), q.ID+`"}}`...)
		q.Headers[id].Value, q.Headers[signature].Value = q.ID, "sha256="+hex.EncodeToString(mac(githubSecret, string(q.Body)))
	}
}

// reportRun measures one row.
type reportRun struct {
	b      *testing.B
	broker *natsProcess // nil where nothing is stored
	pid    int
	load   hosttest.Load
	sent   int
}

func (r *reportRun) start(plugin, config string) {
	proc, client := startPlugin(r.b, plugin, nil)
	r.pid = proc.Pid()
	r.load = hosttest.Load{Plugin: client, Config: pluginConfig(config), Concurrency: reportConcurrency}
	r.vary()
}

// vary makes each delivery another event.
func (r *reportRun) vary() {
	request, vary := reportRequest()
	r.load.Request, r.load.Vary = request, func(q *host.Request, n int64) { vary(q, int64(r.sent)+n) }
}

// run delivers n times and returns how many that is a second.
func (r *reportRun) run(n int) (perSecond float64, err error) {
	r.load.Exchanges = n
	result := r.load.Run(r.b.Context())
	r.sent += n
	if good := result.Continued + result.Exited; result.Err != nil || good != n {
		return 0, fmt.Errorf("%+v", result)
	}
	return result.PerSecond(), nil
}

func (r *reportRun) measure(run func(n int) (float64, error)) {
	b := r.b
	if _, err := run(reportWarmUp); err != nil {
		b.Fatal(err)
	}
	stored, before := r.stored(), r.usage()
	b.ResetTimer()
	perSecond, err := run(b.N)
	b.StopTimer()
	after := r.usage()
	if err != nil {
		b.Fatal(err)
	}
	if got := r.stored() - stored; r.broker != nil && got < float64(b.N)*9/10 { // a journal's events come a little later
		b.Fatalf("%d deliveries made %.0f events", b.N, got)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(perSecond, "deliveries/s")
	for i, unit := range [...]string{"process-µs/op", "nats-µs/op", "calls/op", "switches/op"} {
		b.ReportMetric((after[i]-before[i])/float64(b.N), unit)
	}
	b.ReportMetric(field(b, status(b, r.pid), "VmHWM:")/1024, "peak-MB")
	if r.load.Plugin != nil {
		b.ReportMetric(r.p99(perSecond/2), "p99-ms")
	}
}

// p99 is the 99th percentile of how long deliveries take, in milliseconds, that come at a
// rate, whether those before them are answered or not.
func (r *reportRun) p99(perSecond float64) float64 {
	const deliveries = 2000
	took := make([]time.Duration, deliveries)
	begun := time.Now()
	var wg sync.WaitGroup
	for n := range took {
		due := begun.Add(time.Duration(float64(n) / perSecond * float64(time.Second)))
		time.Sleep(time.Until(due))
		wg.Go(func() {
			q := *r.load.Request
			q.Headers = slices.Clone(q.Headers)
			r.load.Vary(&q, int64(n)+1)
			x := host.NewContext(&q, nil)
			defer x.Close()
			if err := r.load.Plugin.Access(x, r.load.Config); err != nil {
				r.b.Error(err)
			}
			took[n] = time.Since(due)
		})
	}
	wg.Wait()
	slices.Sort(took)
	return float64(took[deliveries*99/100].Microseconds()) / 1000
}

// stored is how many messages the broker's streams hold.
func (r *reportRun) stored() (n float64) {
	if r.broker == nil {
		return 0
	}
	nc := r.broker.connect()
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		r.b.Fatal(err)
	}
	for info := range js.ListStreams(r.b.Context()).Info() {
		n += float64(info.State.Msgs)
	}
	return n
}

// usage is what the processes have used so far: microseconds of CPU time of the plugin's
// and of NATS's, and the plugin's reads and writes and voluntary context switches.
func (r *reportRun) usage() (u [4]float64) {
	u[0] = schedTime(r.b, r.pid)
	if r.broker != nil {
		u[1] = schedTime(r.b, r.broker.cmd.Process.Pid)
	}
	u[2] = callsOf(r.b, r.pid)
	for _, text := range ofThreads(r.b, r.pid, "status") {
		u[3] += field(r.b, text, "voluntary_ctxt_switches:")
	}
	return u
}

// schedTime is the CPU time of all threads of a process, in microseconds (proc(5), schedstat).
func schedTime(t testing.TB, pid int) (µs float64) {
	t.Helper()
	for _, text := range ofThreads(t, pid, "schedstat") {
		µs += field(t, text, "") / 1000
	}
	return µs
}

// ofThreads returns what the kernel tells in a file of each thread of a process.
func ofThreads(t testing.TB, pid int, file string) (texts []string) {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/%s", pid, file))
	if err != nil || len(files) == 0 {
		t.Fatalf("process %d has no threads: %v", pid, err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil { // else it has ended
			texts = append(texts, string(text))
		}
	}
	return texts
}

package e2e

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"webhookedge/kong/local/host"
	"webhookedge/kong/local/host/hosttest"
	"webhookedge/kong/local/process"
	"webhookedge/kong/wire"
)

// githubRequest is a signed GitHub delivery with the headers of a real one.
func githubRequest(secret string, size int) *host.Request {
	body := `{"action":"opened","repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}},"issue":{"body":"`
	body += strings.Repeat("x", size-len(body)-3) + `"}}`
	r := &host.Request{
		Method: "POST", Target: "/webhooks/github", Scheme: "http", Version: 1.1, Body: []byte(body), ServerPort: 8000,
		Peer: netip.MustParseAddrPort("127.0.0.1:40000"), Client: netip.MustParseAddrPort("192.0.2.1:40000"),
		ID: "0123456789abcdef0123456789abcdef", NginxID: "fedcba9876543210fedcba9876543210", NodeID: "node",
		Route: &wire.Route{ID: "a770c1e6-bdd5-5533-a8fe-47cdff621335", Name: "github", Protocols: []string{"http", "https"}, Paths: []string{"/webhooks/github"}},
		Headers: []host.Header{
			{Name: "host", Value: "hooks.example.com"}, {Name: "user-agent", Value: "GitHub-Hookshot/044aadd"},
			{Name: "content-length", Value: strconv.Itoa(len(body))}, {Name: "accept", Value: "*/*"},
			{Name: "x-github-hook-id", Value: "1234567"}, {Name: "x-github-hook-installation-target-id", Value: "7654321"},
			{Name: "x-github-hook-installation-target-type", Value: "repository"},
		},
	}
	for name, values := range senders()["github"].sign(secret, "72d3162e-cc78-11e3-81ab-4c9367dc0958", body, time.Now()) {
		r.Headers = append(r.Headers, host.Header{Name: strings.ToLower(name), Value: values[0]})
	}
	return r
}

// BenchmarkAgainstStock holds webhook-verify against a plugin on go-pdk's own
// server that does the same reads and the same HMAC, under the same host side
// in one run. webhook-verify does more: it also parses the payload, tells the
// service behind in three headers and later plugins what it proved.
//
// calls/op are read and write system calls of the plugin process, allocs/op its
// heap allocations.
func BenchmarkAgainstStock(b *testing.B) {
	if err := build("webhookedge/kong/local/host/hosttest/stockplugin", raceDetector); err != nil {
		b.Fatal(err)
	}
	const secret = "It's a Secret to Everybody"
	request := githubRequest(secret, 2048)
	for _, bench := range []struct{ name, binary, config string }{
		{"stock", "stockplugin", `{"secret":%q,"mode":"read"}`},
		{"ours", "webhook-verify", `{"provider":"github","respond":"continue","secrets":[{"value":%q}]}`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			address := freeAddress(b)
			var args []string
			if bench.binary != "stockplugin" {
				args = []string{"-telemetry-address", address}
			}
			proc, plugin := startPlugin(b, bench.binary, nil, args...)
			load := hosttest.Load{Plugin: plugin, Config: pluginConfig(fmt.Sprintf(bench.config, secret)), Request: request, Concurrency: 16}
			load.Exchanges = 500
			if warm := load.Run(b.Context()); warm.Continued != 500 {
				b.Fatalf("warm-up: %+v", warm)
			}
			mallocs := func() float64 { return mallocsOf(b, proc, plugin, address) }
			calls, allocs, cpu := callsOf(b, proc.Pid()), mallocs(), processCPU(b, proc)
			load.Exchanges = b.N
			b.ResetTimer()
			result := load.Run(b.Context())
			b.StopTimer()
			if result.Continued != b.N || result.Err != nil {
				b.Fatalf("%+v", result)
			}
			b.ReportMetric(result.PerSecond(), "deliveries/s")
			b.ReportMetric(float64((processCPU(b, proc)-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
			b.ReportMetric((callsOf(b, proc.Pid())-calls)/float64(b.N), "calls/op")
			b.ReportMetric((mallocs()-allocs)/float64(b.N), "mallocs/op")
		})
	}
}

// BenchmarkChain measures the whole chain of webhook-edge on a 2 KB delivery,
// NATS in another process on loopback, beside a bare client that publishes as
// many bytes as often. cpu-µs/op is the process's own CPU time, user and system;
// the difference of the two is what the edge costs apart from the publish.
func BenchmarkChain(b *testing.B) {
	const secret = "It's a Secret to Everybody"
	broker := startNATS(b)
	edge := fmt.Sprintf(`{"provider":"github","respond":"continue","deadline_ms":10000,"verify":{"secrets":[{"value":%q}]},`+
		`"publish":{"servers":[%q],"ack_timeout_ms":9000,"stream":{"ensure":"create"}}}`, secret, broker.url())
	b.Run("webhook-edge", func(b *testing.B) {
		address := freeAddress(b)
		proc, plugin := startPlugin(b, "webhook-edge", nil, "-telemetry-address", address)
		load := hosttest.Load{Plugin: plugin, Config: pluginConfig(edge), Request: githubRequest(secret, 2048), Concurrency: 16, Exchanges: 500}
		if warm := load.Run(b.Context()); warm.Continued != 500 {
			b.Fatalf("warm-up: %+v", warm)
		}
		before, allocs := processCPU(b, proc), mallocsOf(b, proc, plugin, address)
		load.Exchanges = b.N
		b.ResetTimer()
		result := load.Run(b.Context())
		b.StopTimer()
		if result.Continued != b.N {
			b.Fatalf("%+v", result)
		}
		b.ReportMetric(float64((processCPU(b, proc)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		b.ReportMetric((mallocsOf(b, proc, plugin, address)-allocs)/float64(b.N), "mallocs/op")
		b.ReportMetric(result.PerSecond(), "deliveries/s")
	})
	b.Run("bare-publish", func(b *testing.B) {
		out, err := asRole(b.Context(), rolePublisher, broker.url(), strconv.Itoa(b.N), "2600").Output()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(field(b, string(out), ""), "cpu-µs/op")
	})
}

// processCPU is the CPU time of a process, in ticks of 10 ms (proc(5), stat).
func processCPU(t testing.TB, p *process.Process) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Pid()))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name
	fields := strings.Fields(rest)
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

func pluginConfig(json string) *host.Config {
	return &host.Config{ID: "da68844f-5e56-5348-bc8d-efcf423e8751", Seq: 1, JSON: []byte(json)}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// callsOf counts the reads and writes of a process.
func callsOf(t testing.TB, pid int) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	if err != nil {
		t.Fatal(err)
	}
	return field(t, string(text), "syscr:") + field(t, string(text), "syscw:")
}

// field returns the number behind the first line that begins with name.
func field(t testing.TB, text, name string) float64 {
	t.Helper()
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			n, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("no %s in\n%s", name, text)
	return 0
}

// mallocsOf asks a process how often it has allocated: ours over its metrics,
// the stock plugin over an exchange.
func mallocsOf(t testing.TB, p *process.Process, plugin *host.Plugin, address string) float64 {
	t.Helper()
	if plugin.Name() != "stockplugin" {
		return field(t, metrics(t, address), "go_gc_heap_allocs_objects_total ")
	}
	x := host.NewContext(githubRequest("x", 2048), nil)
	defer x.Close()
	cfg := &host.Config{ID: "memory", Seq: 2, JSON: []byte(`{"secret":"x","mode":"memory"}`)}
	if err := plugin.Access(x, cfg); err != nil || x.Exit == nil {
		t.Fatal(err)
	}
	return field(t, string(x.Exit.Body), "")
}

func metrics(t testing.TB, address string) string {
	t.Helper()
	resp, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

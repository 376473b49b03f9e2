package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"webhookedge/kong/local/host"
)

// bigTable is a policy with a table of 10 MB.
func bigTable(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	var data bytes.Buffer
	data.WriteString(`{"table":{`)
	for n := 0; data.Len() < 10<<20; n++ {
		if n > 0 {
			data.WriteByte(',')
		}
		fmt.Fprintf(&data, `"customer-%07d":{"tenant":"tenant-%d","plan":"pro"}`, n, n%997)
	}
	data.WriteString(`}}`)
	const policy = "package webhook.route\n\ndecision := {\"allow\": true, \"tenant\": data.table[\"customer-0000042\"].tenant}\n"
	for name, text := range map[string][]byte{"data.json": data.Bytes(), "route.rego": []byte(policy)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// BenchmarkNewRoute is what deliveries of one route feel of another one that comes: their
// p99 in milliseconds before it, and while an instance with a policy of 10 MB is built.
func BenchmarkNewRoute(b *testing.B) {
	proc, _ := startPlugin(b, "webhook-edge", nil)
	quiet := pluginConfig(fmt.Sprintf(`{"provider":"github","secrets":[{"value":%q}]}`, githubSecret))
	verify := host.New("webhook-verify", proc.Socket(), host.Options{})
	b.Cleanup(verify.Close)
	deliver := func() time.Duration {
		start := time.Now()
		if o := access(verify, githubRequest(githubSecret, 2048), quiet); o.err != nil || o.status != 0 {
			b.Errorf("%+v", o)
		}
		return time.Since(start)
	}
	// during delivers, at some 200 a second, until end is closed.
	during := func(end <-chan struct{}) (all []time.Duration) {
		for {
			select {
			case <-end:
				return all
			case <-time.After(5 * time.Millisecond):
				all = append(all, deliver())
			}
		}
	}
	after := func(d time.Duration) <-chan struct{} {
		end := make(chan struct{})
		time.AfterFunc(d, func() { close(end) })
		return end
	}
	p99 := func(all []time.Duration) float64 {
		slices.Sort(all)
		return float64(all[len(all)*99/100].Microseconds()) / 1000
	}
	deliver()
	var before, building []time.Duration
	var took time.Duration
	dir := bigTable(b)
	for n := 0; b.Loop(); n++ {
		before = append(before, during(after(2*time.Second))...)
		built := make(chan struct{})
		var other sync.WaitGroup
		other.Go(func() {
			defer close(built)
			start := time.Now()
			policy := host.New("webhook-policy", proc.Socket(), host.Options{})
			defer policy.Close()
			// Another policy each time.
			config := fmt.Sprintf(`{"provider":"github","require_verified":false,"directory":%q,"max_input_bytes":%d}`, dir, 1<<20+n)
			if o := access(policy, githubRequest(githubSecret, 2048), pluginConfig(config)); o.err != nil {
				b.Errorf("%+v", o)
			}
			took += time.Since(start)
		})
		building = append(building, during(built)...)
		other.Wait()
	}
	b.ReportMetric(p99(before), "p99-before-ms")
	b.ReportMetric(p99(building), "p99-building-ms")
	b.ReportMetric(p99(building)/p99(before), "p99-ratio")
	b.ReportMetric(took.Seconds()/float64(b.N), "build-s")
}

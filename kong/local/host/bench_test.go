package host_test

import (
	"strings"
	"testing"

	"webhookedge/kong/local/host"
	"webhookedge/kong/local/host/hosttest"
)

// BenchmarkStock is the baseline: a stock go-pdk plugin that reads, checks an
// HMAC and goes on or answers, over a 2 KB body.
func BenchmarkStock(b *testing.B) {
	body := []byte(strings.Repeat("x", 2048))
	for name, cfg := range map[string]*host.Config{
		"continue": config(1, "continue", secret), "exit": config(2, "exit", secret),
	} {
		b.Run(name, func(b *testing.B) {
			p := startStock(b, host.Options{})
			load := hosttest.Load{Plugin: p.Plugin, Config: cfg, Request: delivery(body, secret), Concurrency: 16, Exchanges: b.N}
			b.ReportAllocs()
			b.ResetTimer()
			res := load.Run(b.Context())
			if res.Failed > 0 || res.Err != nil {
				b.Fatal(res.Failed, res.Err)
			}
			b.ReportMetric(res.PerSecond(), "exchanges/s")
		})
	}
}

// Package hosttest puts load on plugins through their host, for tests and benchmarks.
// Its stockplugin is a plugin on go-pdk's own server, to compare ours with.
package hosttest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/kong/local/host"
)

// Load runs the same request again and again, to compare plugin servers on one
// and the same host side. It adds no HTTP and no routing, and allocates next to
// nothing an exchange.
type Load struct {
	Plugin *host.Plugin
	Config *host.Config
	// Request is shared by all exchanges and never changed.
	Request *host.Request
	// Vary makes a request of its own of each, by its number; nil changes nothing.
	// It gets a copy whose headers it may change.
	Vary func(r *host.Request, n int64)
	// Concurrency is how many exchanges are under way at once. Default 1.
	Concurrency int
	// Exchanges is how many to run in all.
	Exchanges int
}

// Result counts what came of a Load.
type Result struct {
	Continued, Exited, Failed int
	// Err is the first failure, nil if there was none.
	Err  error
	Took time.Duration
}

// PerSecond is how many exchanges were done a second, failed ones left out.
func (r Result) PerSecond() float64 {
	if r.Took <= 0 {
		return 0
	}
	return float64(r.Continued+r.Exited) / r.Took.Seconds()
}

// Run runs the load. It ends early when ctx does.
func (l Load) Run(ctx context.Context) Result {
	var next, continued, exited, failed atomic.Int64
	var first atomic.Pointer[error]
	var wg sync.WaitGroup
	start := time.Now()
	for range max(l.Concurrency, 1) {
		wg.Go(func() {
			request := *l.Request
			request.Headers = slices.Clone(request.Headers)
			x := host.NewContext(&request, nil)
			for n := next.Add(1); n <= int64(l.Exchanges) && ctx.Err() == nil; n = next.Add(1) {
				if l.Vary != nil {
					l.Vary(&request, n)
				}
				x.Reset(&request, nil)
				err := l.Plugin.Access(x, l.Config)
				switch {
				case err != nil:
					failed.Add(1)
					first.CompareAndSwap(nil, &err)
				case x.Exit != nil:
					exited.Add(1)
				default:
					continued.Add(1)
				}
				x.Close()
			}
		})
	}
	wg.Wait()
	out := Result{Continued: int(continued.Load()), Exited: int(exited.Load()), Failed: int(failed.Load()), Err: ctx.Err(), Took: time.Since(start)}
	if err := first.Load(); err != nil {
		out.Err = errors.Join(*err, out.Err)
	}
	return out
}

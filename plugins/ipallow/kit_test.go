package ipallow_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// lines is a log that may be read while it is written.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// kit is what a process gives to its stages.
type kit struct {
	registry *prometheus.Registry
	metrics  *ipallow.Metrics
	lists    *ipallow.Lists
	log      *lines
}

func newKit(t testing.TB) *kit {
	t.Helper()
	k := &kit{registry: prometheus.NewRegistry(), log: &lines{}}
	var err error
	if k.metrics, err = ipallow.NewMetrics(k.registry, func(name string) string { return name }); err != nil {
		t.Fatal(err)
	}
	k.lists = ipallow.NewLists(telemetry.NewLogger(k.log, slog.LevelDebug), time.Now, k.metrics)
	t.Cleanup(k.lists.Close)
	return k
}

// count is the value of a series, by its name and label values in the order of
// the labels' names; 0 where it is absent.
func (k *kit) count(t testing.TB, key string) float64 {
	t.Helper()
	families, err := k.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			if name == "webhook_edge_ipallow_"+key {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return 0
}

func row(t testing.TB, name string) *provider.Provider {
	t.Helper()
	p, ok := catalogue.Lookup(name)
	if !ok {
		t.Fatalf("no row %s", name)
	}
	return p
}

func (k *kit) stage(t testing.TB, p *provider.Provider, cfg ipallow.Config) *ipallow.Stage {
	t.Helper()
	s, err := ipallow.New(p, cfg, k.lists)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func from(addr string) *pipeline.Delivery {
	d := &pipeline.Delivery{RequestID: "r1"}
	if addr != "" {
		d.ClientIP = netip.MustParseAddr(addr)
	}
	return d
}

// handle returns why a delivery from addr is refused, and fails where the code
// is another than IPDenied.
func handle(t testing.TB, s pipeline.Stage, addr string) error {
	t.Helper()
	err := s.Handle(context.Background(), from(addr))
	var reject *pipeline.Reject
	if err != nil && (!errors.As(err, &reject) || reject.Code != pipeline.IPDenied) {
		t.Fatalf("got %v", err)
	}
	return err
}

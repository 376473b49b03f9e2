package chain

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
)

// TestTraces_everyPluginHasSpans holds that the chain of each plugin has the
// process's traces, with its provider.
func TestTraces_everyPluginHasSpans(t *testing.T) {
	var exported atomic.Pointer[string]
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		text := string(body)
		exported.Store(&text)
	}))
	defer receiver.Close()
	log := slog.New(slog.DiscardHandler)
	for _, p := range Plugins() {
		t.Run(p.Name, func(t *testing.T) {
			metrics, err := telemetry.NewMetrics("test", catalogue.Names(), Stages())
			if err != nil {
				t.Fatal(err)
			}
			traces, err := telemetry.OpenTraces(t.Context(), telemetry.TraceOptions{Endpoint: receiver.URL, Service: p.Name, Env: func(string) string { return "" }, Logger: log})
			if err != nil {
				t.Fatal(err)
			}
			process, err := Open(pluginserver.Env{Logger: log, Metrics: metrics, Traces: traces, Checks: telemetry.NewServer(metrics, log), Now: time.Now}, "test")
			if err != nil {
				t.Fatal(err)
			}
			defer process.Close()
			config := samples()[p.Name].with("a-secret-of-the-tests", "")
			h, err := process.Build(p.Name, []byte(config))
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			d := &pipeline.Delivery{Method: http.MethodDelete} // whatever becomes of it
			h.Chain.Run(t.Context(), d)
			if err := traces.Shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := exported.Swap(nil)
			if d.TraceParent == "" || got == nil || !strings.Contains(*got, "github") || !strings.Contains(*got, "delivery") {
				t.Errorf("traceparent %q, exported %v", d.TraceParent, got)
			}
		})
	}
}

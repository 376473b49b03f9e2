package chain

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
)

// maxScrape bounds a scrape of a process with the shipped kong.yml, in bytes as text.
const maxScrape = 60_000

// TestScrape_ofTheShippedConfigIsSmall builds what Kong would start with our kong.yml.
func TestScrape_ofTheShippedConfigIsSmall(t *testing.T) {
	journal := t.TempDir()
	text, err := os.ReadFile("../../../kong/kong.yml")
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string][]byte{}
	for _, p := range Plugins() {
		if schemas[p.Name], err = config.KongSchema(p.Name, p.Config); err != nil {
			t.Fatal(err)
		}
	}
	routes, err := local.Routes("kong.yml", text, schemas, func(name string) (string, bool) {
		switch name {
		case "NATS_URL":
			return "nats://127.0.0.1:1", true
		case "REDIS_URL":
			return "redis://127.0.0.1:1/0", true
		case "WEBHOOK_JOURNAL_DIR":
			return journal, true
		}
		return "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", true
	})
	if err != nil {
		t.Fatal(err)
	}
	log := telemetry.NewLogger(io.Discard, 0)
	metrics, err := telemetry.NewMetrics("test", catalogue.Names(), Stages())
	if err != nil {
		t.Fatal(err)
	}
	checks := telemetry.NewServer(metrics, log)
	process, err := Open(pluginserver.Env{Logger: log, Metrics: metrics, Checks: checks, Now: time.Now}, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.Close)
	for _, r := range routes {
		for plugin, text := range r.Plugins {
			h, err := process.Build(plugin, text)
			if err != nil {
				t.Fatalf("%s: %v", r.Name, err)
			}
			t.Cleanup(h.Close)
			metrics.Sender(h.Provider) // as the plugin server does
		}
	}
	scrape := httptest.NewRecorder()
	checks.Handler().ServeHTTP(scrape, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	t.Logf("a scrape with %d routes has %d bytes", len(routes), scrape.Body.Len())
	if scrape.Body.Len() > maxScrape || len(routes) == 0 {
		t.Errorf("a scrape has %d bytes with %d routes, want at most %d", scrape.Body.Len(), len(routes), maxScrape)
	}
	// What promtool check metrics finds.
	if problems, err := testutil.GatherAndLint(metrics); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

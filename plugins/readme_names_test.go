package plugins_test

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
)

// metrics maps the names of all metrics of our own to their labels, as the
// process of the plugins registers them.
func metrics(t *testing.T) map[string][]string {
	t.Helper()
	desc := regexp.MustCompile(`fqName: "(webhook_edge_\w+)".*variableLabels: \{([^}]*)\}`)
	found := map[string][]string{}
	m, err := telemetry.NewMetrics("test", catalogue.Names(), chain.Stages())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	p, err := chain.Open(pluginserver.Env{Logger: log, Metrics: m, Checks: telemetry.NewServer(m, log), Now: time.Now}, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	var all prometheus.Collector = m.Registry
	descs := make(chan *prometheus.Desc, 1000)
	all.Describe(descs)
	close(descs)
	for d := range descs {
		if parts := desc.FindStringSubmatch(d.String()); parts != nil {
			found[parts[1]] = slices.DeleteFunc(strings.Split(parts[2], ","), func(l string) bool { return l == "" })
		}
	}
	return found
}

func TestReadmes_metricsExist(t *testing.T) {
	known, texts := metrics(t), readmes(t)
	if len(known) < 5 {
		t.Fatalf("only the metrics %v", known)
	}
	for path, text := range texts {
		for _, name := range regexp.MustCompile(`webhook_edge_\w+`).FindAllString(text, -1) {
			if _, ok := known[name]; !ok {
				t.Errorf("%s: there is no metric %s", path, name)
			}
		}
	}
	for _, stage := range chain.Packages() {
		told := map[string][]string{}
		for _, row := range cells(section(texts[stage+"/README.md"], "Metrics")) {
			labels, _, _ := strings.Cut(row[1], ":") // values follow it
			told[strings.Trim(row[0], "`")] = quoted(labels)
		}
		for name, labels := range known {
			if strings.HasPrefix(name, "webhook_edge_"+stage+"_") && name != "webhook_edge_stage_seconds" {
				if got, ok := told[name]; !ok || !slices.Equal(got, labels) {
					t.Errorf("%s: %s has labels %v, the README says %v", stage, name, labels, got)
				}
			}
		}
	}
}

func TestReadmes_flagsExist(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "webhook-edge")
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-o", binary, "./cmd/webhook-edge")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	help, err := exec.CommandContext(t.Context(), binary, "-help").CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var known []string
	for _, m := range regexp.MustCompile(`(?m)^  (-[a-z-]+)`).FindAllStringSubmatch(string(help), -1) {
		known = append(known, m[1])
	}
	flag := regexp.MustCompile(`^-[a-z][a-z-]*$`)
	for path, text := range readmes(t) {
		for _, word := range quoted(text) {
			if flag.MatchString(word) && !slices.Contains(known, word) {
				t.Errorf("%s: there is no flag %s", path, word)
			}
		}
	}
	told := quoted(section(readmes(t)["README.md"], "Flags of the plugin process"))
	for _, name := range known {
		if !slices.Contains(told, name) {
			t.Errorf("README.md does not tell of the flag %s", name)
		}
	}
	if len(known) == 0 {
		t.Errorf("no flags in\n%s", help)
	}
}

func TestReadmes_linksLeadSomewhere(t *testing.T) {
	for path, text := range readmes(t) {
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

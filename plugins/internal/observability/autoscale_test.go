package observability_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestAutoscaling_namesMetricsThatAreThere holds every metric that a file for Kubernetes
// names, the autoscaler's first, against the registry.
func TestAutoscaling_namesMetricsThatAreThere(t *testing.T) {
	const folder = "../../../kong/kubernetes"
	have, named := atStart(t), map[string]bool{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() || filepath.Ext(entry.Name()) == ".go" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`\bwebhook_edge_[a-z0-9_]+`).FindAllString(string(text), -1) {
			named[entry.Name()+" "+name] = true
			if _, ok := have[name]; !ok {
				t.Errorf("%s names %s, which no process has", entry.Name(), name)
			}
		}
	}
	for _, file := range []string{"horizontalpodautoscaler.yml", "values.yml", "prometheus-adapter.yml"} {
		if !named[file+" webhook_edge_in_flight"] {
			t.Errorf("%s scales by something else than the deliveries under way", file)
		}
	}
}

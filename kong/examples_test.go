package kong_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/kong/local/declarative"
)

// TestExamples_areConfigs checks the example of every provider against the
// plugins' own schemas, as Kong does when it loads the file.
func TestExamples_areConfigs(t *testing.T) {
	files, err := filepath.Glob("examples/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	field, ok := configField(t, "webhook-edge").sub("provider")
	if !ok || len(files) != len(field.OneOf) {
		t.Errorf("%d examples for %d providers", len(files), len(field.OneOf))
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yml"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			// As kong.yml: the NATS of local mode and of docker-compose.yml lets nobody else in.
			if !strings.Contains(string(text), "username: webhooks\n") || !strings.Contains(string(text), `password: "{vault://env/nats-password}"`) {
				t.Error("it names no user of NATS")
			}
			file, err := declarative.Parse(path, text)
			if err != nil {
				t.Fatal(err)
			}
			plugins := ours(t, file)
			if len(plugins) != 1 {
				t.Fatalf("%d plugins of ours", len(plugins))
			}
			if _, faults := kongSchema(t, plugins[0].Name).Check(plugins[0].Config); len(faults) > 0 {
				t.Errorf("faults: %v", faults)
			}
		})
	}
}

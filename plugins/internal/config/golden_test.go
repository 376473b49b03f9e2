package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
)

// golden compares got with a file; UPDATE_GOLDEN=1 writes the file instead.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is out of date (-want +got):\n%s", path, diff)
	}
}

func TestKongSchema_golden(t *testing.T) {
	got, err := config.KongSchema("webhook-example", &settings{})
	if err != nil {
		t.Fatal(err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, append(got, '\n'), "", "  "); err != nil {
		t.Fatal(err)
	}
	golden(t, "kong.json", indented.Bytes())
}

func jsonSchema(t *testing.T) []byte {
	t.Helper()
	got, err := config.JSONSchema("https://example.com/schemas/config/example.json", "Configuration of an example", settings{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestJSONSchema_golden(t *testing.T) { golden(t, "jsonschema.json", jsonSchema(t)) }

func TestTable_golden(t *testing.T) { golden(t, "table.md", []byte(config.Table(settings{}))) }

func TestModel_refusesWhatIsNoConfig(t *testing.T) {
	if _, err := config.KongSchema("x", 5); !errors.Is(err, config.ErrModel) {
		t.Errorf("KongSchema: %v", err)
	}
	if _, err := config.KongSchema("", settings{}); !errors.Is(err, config.ErrModel) {
		t.Errorf("KongSchema without a name: %v", err)
	}
	if _, err := config.JSONSchema("x", "x", nil); !errors.Is(err, config.ErrModel) {
		t.Errorf("JSONSchema: %v", err)
	}
	if got := config.Table(""); !strings.Contains(got, config.ErrModel.Error()) {
		t.Errorf("Table: %s", got)
	}
}

// Package kong_test holds the files that Kong, NATS and Docker read against the
// code: every path, port, plugin name, binary, flag and variable in them.
package kong_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"webhookedge/kong/local/process"
)

// root is the repository, from the working directory of these tests.
const root = ".."

// binVariable names the directory that holds the plugins' binaries; TestMain sets
// it before any test runs.
const binVariable = "WEBHOOKEDGE_TEST_PLUGIN_BINARIES"

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "kong-files-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	build := exec.CommandContext(context.Background(), "go", "build", "-ldflags=-s -w", "-o", dir+string(filepath.Separator), "./plugins/cmd/"+edgeServer)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the plugin server: %v\n%s", err, out)
		return 1
	}
	if err := os.Setenv(binVariable, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// edgeServer is the binary that serves all plugins.
const edgeServer = "webhook-edge"

// plugins are the Kong plugins of this module, by name: those that have a schema.
func plugins(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "schemas", "config", "webhook-*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no schemas: %v", err)
	}
	for i := range files {
		files[i] = strings.TrimSuffix(filepath.Base(files[i]), ".json")
	}
	return files
}

func binary(name string) string { return filepath.Join(os.Getenv(binVariable), name) }

// dumps has what the binary said about each plugin, so that it is asked once.
var dumps sync.Map

// dump is what a plugin's binary says about itself.
func dump(t *testing.T, name string) process.Info {
	t.Helper()
	if known, ok := dumps.Load(name); ok {
		return known.(process.Info)
	}
	info, err := process.Dump(t.Context(), binary(edgeServer), name)
	if err != nil {
		t.Fatal(err)
	}
	dumps.Store(name, info)
	return info
}

// field is a field of Kong's schema language, as far as these tests read it.
type field struct {
	Type      string             `json:"type"`
	OneOf     []string           `json:"one_of"`
	Encrypted bool               `json:"encrypted"`
	Default   any                `json:"default"`
	Fields    []map[string]field `json:"fields"`
	Elements  *field             `json:"elements"`
	Values    *field             `json:"values"`
}

// sub returns the field of a record by its name.
func (f field) sub(name string) (field, bool) {
	for _, one := range f.Fields {
		if found, ok := one[name]; ok {
			return found, true
		}
	}
	return field{}, false
}

// configField is the record that a plugin's config is.
func configField(t *testing.T, name string) field {
	t.Helper()
	var top field
	if err := json.Unmarshal(dump(t, name).Schema, &top); err != nil {
		t.Fatal(err)
	}
	config, ok := top.sub("config")
	if !ok {
		t.Fatalf("the schema of %s has no config", name)
	}
	return config
}

// secrets calls visit for each value that the schema calls a secret.
func secrets(f field, value any, path string, visit func(path string, value any)) {
	if f.Encrypted {
		visit(path, value)
		return
	}
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if sub, ok := f.sub(key); ok {
				secrets(sub, inner, path+"."+key, visit)
			} else if f.Values != nil {
				secrets(*f.Values, inner, path+"."+key, visit)
			}
		}
	case []any:
		for i, inner := range v {
			if f.Elements != nil {
				secrets(*f.Elements, inner, fmt.Sprintf("%s[%d]", path, i), visit)
			}
		}
	}
}

// flags are the flags that the server's -help lists, with the text of their lines.
func flags(t *testing.T) map[string]string {
	t.Helper()
	help, err := exec.CommandContext(t.Context(), binary(edgeServer), "-help").CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) { // go-pdk's -help ends with 2, and ours does
		t.Fatal(err)
	}
	known, last := map[string]string{}, ""
	for line := range strings.Lines(string(help)) {
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "  -"):
			last = words[0]
			known[last] = line
		case last != "":
			known[last] += line
		}
	}
	if len(known) == 0 {
		t.Fatalf("-help lists no flags:\n%s", help)
	}
	return known
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exists(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(filepath.Join(root, path))
	return err == nil
}

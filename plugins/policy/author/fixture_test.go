package author_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
)

// small is a policy without a fault.
const small = `package webhook.main

default decision := {"allow": false, "reason": "nothing else is wanted"}

decision := {"allow": true, "subject": ["pushes"]} if input.event.name == "push"
`

// library is the directory of the library.
const library = "../../../policies"

// dir writes files, by their path, into a new directory. A policy that is not
// among them is small.
func dir(t testing.TB, files map[string]string) string {
	t.Helper()
	top := t.TempDir()
	if _, ok := files["webhook/main/main.rego"]; !ok {
		write(t, top, "webhook/main/main.rego", small)
	}
	for path, text := range files {
		write(t, top, path, text)
	}
	return top
}

func write(t testing.TB, top, path, text string) {
	t.Helper()
	path = filepath.Join(top, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, dir string) *author.Project {
	t.Helper()
	p, found := author.Open(dir, engine.Options{})
	if p == nil {
		t.Fatalf("%v", found)
	}
	return p
}

func check(t testing.TB, dir string, streams map[string][]string) []string {
	t.Helper()
	found, err := author.Check(dir, author.CheckOptions{Streams: streams})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range found {
		lines = append(lines, strings.ReplaceAll(strings.ReplaceAll(f.String(), dir+string(filepath.Separator), ""), dir, "DIR"))
	}
	return lines
}

func at() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func asker() author.Asker { return author.Asker{Now: at} }

package scaffold_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"webhookedge/plugins/internal/scaffold"
	"webhookedge/plugins/provider/catalogue"
)

const top = "../../.."

// TestSource_describesTheSameRow writes every row of the catalogue anew, builds the
// catalogue with all those files in the place of its own, and compares the rows.
func TestSource_describesTheSameRow(t *testing.T) {
	root, err := filepath.Abs(top)
	if err != nil {
		t.Fatal(err)
	}
	dir, replace := t.TempDir(), map[string]string{}
	put := func(at string, text []byte) {
		file := filepath.Join(dir, fmt.Sprint(len(replace))+".go")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, at)] = file
	}
	want, err := json.Marshal(catalogue.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range catalogue.All() {
		text, err := scaffold.Source(&row.Provider)
		if err != nil {
			t.Fatalf("%s: %v", row.Name, err)
		}
		if slices.Contains([]string{"svix", "jira", "gogs", "standard-webhooks"}, row.Name) {
			continue // others use functions of these files
		}
		put(filepath.Join(scaffold.Folder, scaffold.File(row.Name)), text)
	}
	put("plugins/provider/catalogue/testmain/main.go", []byte(`package main

import (
	"encoding/json"
	"os"

	"webhookedge/plugins/provider/catalogue"
)

func main() {
	if err := json.NewEncoder(os.Stdout).Encode(catalogue.All()); err != nil {
		panic(err)
	}
}
`))
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", "-overlay", file, "./plugins/provider/catalogue/testmain")
	cmd.Dir = root
	got, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("%v: %s", err, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	var a, b []json.RawMessage
	if json.Unmarshal(want, &a) != nil || json.Unmarshal(got, &b) != nil || len(a) != len(b) {
		t.Fatalf("%d rows became %d", len(a), len(b))
	}
	for i := range a {
		var x, y any
		_, _ = json.Unmarshal(a[i], &x), json.Unmarshal(b[i], &y)
		one, _ := json.Marshal(x)
		two, _ := json.Marshal(y)
		if string(one) != string(two) {
			t.Errorf("%s became %s", one, two)
		}
	}
}

func TestList_matchesTheTree(t *testing.T) {
	want, err := scaffold.List(top)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(top, scaffold.Folder, scaffold.ListFile))
	if err != nil || string(got) != string(want) {
		t.Errorf("the list is not up to date: %v", err)
	}
}

package web_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"webhookedge/plugins/internal/ctl/inspector/web"
)

// TestModules_inNode runs the tests in testdata of those modules that need no browser. It
// is skipped without Node, and fails instead where CI is set.
func TestModules_inNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("Node runs the tests of the page's modules: %v", err)
		}
		t.Skip("NODE IS MISSING: what the page's modules do is not tested here")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, web.FS()); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS("testdata")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type": "module"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	tests, err := filepath.Glob(filepath.Join(dir, "*.test.js"))
	if err != nil || len(tests) == 0 {
		t.Fatalf("%d tests: %v", len(tests), err)
	}
	cmd := exec.CommandContext(t.Context(), node, append([]string{"--test"}, tests...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

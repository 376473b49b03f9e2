package schema

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
)

func TestSchema_lint(t *testing.T) {
	if out, err := ctltest.Run(t, Command(), "lint"); err != nil || out != "" {
		t.Errorf("the built-in ones: %v\n%s", err, out)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "github"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "github", "push.json"), []byte(`{"type":"nothing"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := ctltest.Run(t, Command(), "lint", dir); !errors.Is(err, exit.ErrFailed) || strings.Count(out, "github/push.json: ") != 4 {
		t.Errorf("a directory with faults: %v\n%s", err, out)
	}
	if _, err := ctltest.Run(t, Command(), "lint", filepath.Join(dir, "gone")); err == nil {
		t.Error("a directory that is gone passes")
	}
}

package hosttest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// stockDir is where Stock builds, made by Main.
var stockDir string

// Main runs the tests of a package that uses Stock, removes what Stock built, and
// returns the exit code.
func Main(m *testing.M) int {
	dir, err := os.MkdirTemp("", "stock")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	stockDir = dir
	return m.Run()
}

var buildStock = sync.OnceValues(func() ([]byte, error) {
	return exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(stockDir, "stockplugin"), "webhookedge/kong/local/host/hosttest/stockplugin").CombinedOutput()
})

// Stock returns a directory with stockplugin, which is built once for all tests.
func Stock(t testing.TB) string {
	t.Helper()
	if out, err := buildStock(); err != nil {
		t.Fatalf("building the stock plugin: %v\n%s", err, out)
	}
	return stockDir
}

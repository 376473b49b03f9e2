package e2e

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"webhookedge/kong/local/host"
	"webhookedge/kong/local/process"
)

// binaries is the folder of the commands under test, built once for all tests, and
// servers says which of them runs a plugin that has none of its own. variables are those
// that kong.conf makes nginx set.
var (
	binaries  string
	servers   map[string]string
	variables map[string]string
)

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		if err := runRole(role, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	binaries = dir
	conf, err := os.ReadFile(filepath.Join("..", "kong", "kong.conf"))
	if err != nil {
		return 0, err
	}
	servers, variables = process.Servers(string(conf)), process.Variables(string(conf))
	// The processes under test run under the race detector where the tests do. The tool
	// that only signs and sends does not: each of its many runs would take a second more.
	if err := errors.Join(build("webhookedge/plugins/cmd/webhook-edge", raceDetector), build("webhookedge/plugins/cmd/webhookctl", false)); err != nil {
		return 0, err
	}
	// The ledgers wait for elections and syncs most of the time: a third test has a processor.
	if err := flag.Set("test.parallel", strconv.Itoa(max(3, runtime.GOMAXPROCS(0)))); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// build builds a command into binaries, without symbols, which take half of the time.
func build(command string, race bool) error {
	args := []string{"build", "-ldflags=-s -w", "-o", binaries + string(filepath.Separator), "-race=" + strconv.FormatBool(race), command}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", command, err, out)
	}
	return nil
}

// serverOf is the binary that runs a plugin, as kong.conf says it.
func serverOf(plugin string) string { return cmp.Or(servers[plugin], plugin) }

// startPlugin runs the server of a plugin with its own prefix.
func startPlugin(t testing.TB, name string, line func(string), args ...string) (*process.Process, *host.Plugin) {
	t.Helper()
	prefix, err := os.MkdirTemp("", "kong") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(prefix) })
	proc, err := process.Start(process.Options{Name: serverOf(name), Binary: filepath.Join(binaries, serverOf(name)), Prefix: prefix, Args: args, Line: line})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proc.Stop)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := proc.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
	plugin := host.New(name, proc.Socket(), host.Options{})
	t.Cleanup(plugin.Close)
	return proc, plugin
}

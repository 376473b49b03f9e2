package kong_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestStop_takesTheSignalOfTheImage: Kong's image has STOPSIGNAL SIGQUIT, so that is what
// a container of it gets that runs the plugin server alone.
func TestStop_takesTheSignalOfTheImage(t *testing.T) {
	prefix := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(edgeServer), "-kong-prefix", prefix)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for socket := filepath.Join(prefix, edgeServer+".socket"); ; time.Sleep(10 * time.Millisecond) {
		if found, err := filepath.Glob(socket); err == nil && len(found) > 0 {
			break
		}
		if ctx.Err() != nil {
			t.Fatal("it does not listen")
		}
	}
	if err := cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}

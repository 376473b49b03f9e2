package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"webhookedge/plugins/policy/engine"
)

func save(t *testing.T, file string) {
	t.Helper()
	if err := os.WriteFile(file, []byte("package a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWatchLooksAgainAfterEachChangeAlsoInNewDirectories(t *testing.T) {
	top := t.TempDir()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	looks, done := make(chan struct{}, 100), make(chan error, 1)
	go func() { done <- engine.Watch(ctx, top, func(context.Context) { looks <- struct{}{} }) }()
	look := func(after string) {
		t.Helper()
		select {
		case <-looks:
		case <-ctx.Done():
			t.Fatalf("no look after %s", after)
		}
	}
	look("the beginning")
	save(t, filepath.Join(top, "a.rego"))
	look("a new file")
	if err := os.Mkdir(filepath.Join(top, "deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	look("a new directory")
	// The directory is watched by now: it was added before the look.
	save(t, filepath.Join(top, "deep", "b.rego"))
	look("a file in it")
	stop()
	if err := <-done; err != nil {
		t.Errorf("the end of watching is the error %v", err)
	}
}

func TestWatchOfNothingIsAnError(t *testing.T) {
	if err := engine.Watch(t.Context(), filepath.Join(t.TempDir(), "none"), func(context.Context) {}); err == nil {
		t.Error("a directory that there is not is watched")
	}
}

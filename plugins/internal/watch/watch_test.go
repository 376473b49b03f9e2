package watch_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"webhookedge/plugins/internal/watch"
	"webhookedge/plugins/policy/engine"
)

func save(t *testing.T, file string) {
	t.Helper()
	if err := os.WriteFile(file, []byte("package a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDir_callsAgainAfterEachChange(t *testing.T) {
	top := t.TempDir()
	look := looks(t, top)
	look("the beginning")
	save(t, filepath.Join(top, "a.rego"))
	look("a new file")
	must(t, os.Mkdir(filepath.Join(top, "deep"), 0o755))
	look("a new directory")
	// The directory is watched by now: it was added before the look.
	save(t, filepath.Join(top, "deep", "b.rego"))
	look("a file in it")
}

func TestDir_missingDirectoryIsAnError(t *testing.T) {
	if err := watch.Dir(t.Context(), filepath.Join(t.TempDir(), "none"), func(context.Context) {}); err == nil {
		t.Error("a directory that there is not is watched")
	}
}

// looks follows top and returns what waits for the next look.
func looks(t *testing.T, top string) func(after string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	seen, done := make(chan struct{}, 100), make(chan error, 1)
	go func() { done <- watch.Dir(ctx, top, func(context.Context) { seen <- struct{}{} }) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the end of watching is the error %v", err)
		}
	})
	return func(after string) {
		t.Helper()
		select {
		case <-seen:
		case <-ctx.Done():
			t.Fatalf("no look after %s", after)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDir_seesAReplacedDirectory(t *testing.T) {
	top := filepath.Join(t.TempDir(), "policies")
	must(t, os.Mkdir(top, 0o755))
	save(t, filepath.Join(top, "a.rego"))
	look := looks(t, top)
	look("the beginning")
	must(t, os.Rename(top, top+".old"))
	look("it is gone")
	must(t, os.Mkdir(top, 0o755))
	look("another is there")
	save(t, filepath.Join(top, "b.rego"))
	look("a file in the other")
}

func TestDir_seesAMovedLink(t *testing.T) {
	root := t.TempDir()
	for _, release := range []string{"r1", "r2"} {
		must(t, os.Mkdir(filepath.Join(root, release), 0o755))
		save(t, filepath.Join(root, release, release+".rego"))
	}
	current := filepath.Join(root, "current")
	must(t, os.Symlink("r1", current))
	look := looks(t, current)
	look("the beginning")
	must(t, os.Symlink("r2", current+".new"))
	must(t, os.Rename(current+".new", current))
	look("the link was moved")
	save(t, filepath.Join(root, "r2", "more.rego"))
	look("a file where it leads now")
}

// Kubernetes mounts a ConfigMap as links into a hidden directory, which is itself
// a link that is moved.
func TestDir_seesAnUpdatedConfigMap(t *testing.T) {
	top := t.TempDir()
	for i, version := range []string{"..one", "..two"} {
		must(t, os.Mkdir(filepath.Join(top, version), 0o755))
		must(t, os.WriteFile(filepath.Join(top, version, "a.rego"), []byte("package a\n\nn := "+string(rune('1'+i))+"\n"), 0o600))
	}
	must(t, os.Symlink("..one", filepath.Join(top, "..data")))
	must(t, os.Symlink("..data/a.rego", filepath.Join(top, "a.rego")))
	look := looks(t, top)
	look("the beginning")
	must(t, os.Symlink("..two", filepath.Join(top, "..data_tmp")))
	must(t, os.Rename(filepath.Join(top, "..data_tmp"), filepath.Join(top, "..data")))
	look("the update")
	s, err := engine.ReadDir(top)
	if err != nil || len(s.Modules) != 1 {
		t.Fatal(s, err)
	}
}

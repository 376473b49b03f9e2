package author_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/policy/author"
)

func TestFormatWritesOnlyWhereItIsTold(t *testing.T) {
	const odd, usual = "package a\nb:=1\n", "package a\n\nb := 1\n"
	top := t.TempDir()
	write(t, top, "a/odd.rego", odd)
	write(t, top, "a/usual.rego", usual)
	write(t, top, "a/testdata/odd.rego", odd)
	write(t, top, ".hidden/odd.rego", odd)
	file := filepath.Join(top, "a", "odd.rego")
	for _, write := range []bool{false, true} {
		found, err := author.Format(top, write)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]author.Unformatted{{File: file, Old: []byte(odd), New: []byte(usual)}}, found); diff != "" {
			t.Errorf("write %v (-want +got):\n%s", write, diff)
		}
		want := odd
		if write {
			want = usual
		}
		if text, _ := os.ReadFile(file); string(text) != want {
			t.Errorf("write %v: the file is now %q", write, text)
		}
	}
	if found, err := author.Format(file, false); err != nil || len(found) > 0 {
		t.Errorf("after writing: %v, %v", found, err)
	}
}

func TestWatchLooksAgainAfterEachChangeAlsoInNewDirectories(t *testing.T) {
	top := t.TempDir()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	looks, done := make(chan struct{}, 100), make(chan error, 1)
	go func() { done <- author.Watch(ctx, top, func(context.Context) { looks <- struct{}{} }) }()
	look := func(after string) {
		t.Helper()
		select {
		case <-looks:
		case <-ctx.Done():
			t.Fatalf("no look after %s", after)
		}
	}
	look("the beginning")
	write(t, top, "a.rego", "package a\n")
	look("a new file")
	if err := os.Mkdir(filepath.Join(top, "deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	look("a new directory")
	// The directory is watched by now: it was added before the look.
	write(t, top, "deep/b.rego", "package b\n")
	look("a file in it")
	stop()
	if err := <-done; err != nil {
		t.Errorf("the end of watching is the error %v", err)
	}
}

func TestWatchOfNothingIsAnError(t *testing.T) {
	if err := author.Watch(t.Context(), filepath.Join(t.TempDir(), "none"), func(context.Context) {}); err == nil {
		t.Error("a directory that there is not is watched")
	}
}

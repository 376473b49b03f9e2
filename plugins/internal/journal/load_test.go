package journal_test

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/journal"
)

// TestLoad_nobodyWaitsForIt reads what a process left from a pipe, which gives nothing
// until the test does.
func TestLoad_nobodyWaitsForIt(t *testing.T) {
	dir := t.TempDir()
	first := open(t, journal.Config{Dir: dir})
	want := put(t, first, 1, 2)
	closeJournal(t, first)
	path := segments(t, dir)[0]
	aside := strings.TrimSuffix(path, ".log") + ".aside"
	text, err := os.ReadFile(path)
	if err := errors.Join(err, os.Rename(path, aside), syscall.Mkfifo(path, 0o600)); err != nil {
		t.Fatal(err)
	}
	s := open(t, journal.Config{Dir: dir})
	fed := false
	feed := func() {
		w, err := os.OpenFile(path, os.O_WRONLY, 0) // waits until it is being read
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Write(text)
		if err := errors.Join(err, os.Rename(aside, path), w.Close()); err != nil {
			t.Error(err)
		}
		fed = true
	}
	t.Cleanup(func() {
		if !fed {
			feed() // or Close would wait
		}
	})
	want = append(want, put(t, s, 3)...)
	if s.Stats().Open || s.Depth() == 0 {
		t.Errorf("before it is read: %+v, depth %d: a record that has an order would overtake others", s.Stats(), s.Depth())
	}
	feed()
	ready(t, s)
	if diff := cmp.Diff(want, all(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

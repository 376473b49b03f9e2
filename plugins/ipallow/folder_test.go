package ipallow

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestFolder_sharedByProcesses has writers that know nothing of each
// other, and one that reads what they write.
func TestFolder_sharedByProcesses(t *testing.T) {
	dir := t.TempDir()
	var writers sync.WaitGroup
	var done atomic.Bool
	for process := range 4 {
		writers.Go(func() {
			for i := range 25 {
				s := &state{at: time.Unix(int64(1+i), 0), url: "https://example.com/"}
				for n := range 200 {
					s.prefixes = append(s.prefixes, netip.MustParsePrefix(fmt.Sprintf("9.%d.%d.0/24", process, n)))
				}
				if err := (folder{dir}).store("a-list", s); err != nil {
					t.Error(err)
				}
			}
		})
	}
	var reader sync.WaitGroup
	reader.Go(func() {
		for !done.Load() {
			if s, err := (folder{dir}).load("a-list"); err != nil || s != nil && len(s.prefixes) != 200 {
				t.Errorf("read %+v, %v", s, err)
			}
		}
	})
	writers.Wait()
	done.Store(true)
	reader.Wait()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left %v, %v", entries, err)
	}
}

func TestFolder_removesLeftTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	age := func(name string, d time.Duration) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("9.9."), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-d)); err != nil {
			t.Fatal(err)
		}
	}
	age(".a-list-1", 2*time.Hour)
	age(".a-list-2", time.Minute)   // of a process that is at it
	age(".b-list-1", 2*time.Hour)   // of another list
	age("somebody's", 48*time.Hour) // not ours
	if err := (folder{dir}).store("a-list", &state{prefixes: []netip.Prefix{netip.MustParsePrefix("9.9.9.0/24")}, at: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if got := fmt.Sprint(left); err != nil || got != "[.a-list-2 .b-list-1 a-list.txt somebody's]" {
		t.Errorf("left %s, %v", got, err)
	}
}

func TestFolder_listFromTheFutureIsFetchedInTime(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	l := &Lists{now: func() time.Time { return now }}
	for name, at := range map[string]time.Time{"the past": now.Add(-time.Hour), "the future": now.Add(10 * 365 * 24 * time.Hour)} {
		one := &list{key: listKey{interval: 24 * time.Hour}}
		one.set(&state{prefixes: []netip.Prefix{netip.MustParsePrefix("9.9.9.0/24")}, at: at})
		if wait := l.first(one); wait < 22*time.Hour || wait > 24*time.Hour+startupSpread {
			t.Errorf("a list of %s is fetched in %v", name, wait)
		}
	}
}

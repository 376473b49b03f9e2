// Package watch follows a directory whose files are somebody else's to change: policies,
// schemas.
package watch

import (
	"context"
	"fmt"
	"hash/maphash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// debounceInterval is how long a directory must be quiet before it is looked at: editors
	// write a file in several steps.
	debounceInterval = 50 * time.Millisecond
	// compareInterval is how often the directory is compared with what it was, for changes
	// without a notification: a replaced directory, a moved link, a network file system,
	// a host without free watches.
	compareInterval = 400 * time.Millisecond
	// maxFiles bounds what is compared; who reads the directory has a bound of its own.
	maxFiles = 10_000
	// pauseFactor bounds what comparing costs: the pause after it takes so many times as long.
	pauseFactor = 50
)

// Dir calls fn at once, and again after each change of a file below dir, until
// ctx is done. A directory that is gone is a change, and so is its return.
// Changes while fn runs lead to one more call. The error is that there is no such
// directory at the beginning; that ctx is done is none.
func Dir(ctx context.Context, dir string, fn func(context.Context)) error {
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	w := watcher{dir: dir, seed: maphash.MakeSeed()}
	w.open()
	defer w.close()
	changed, rounds := time.NewTimer(0), time.NewTimer(compareInterval)
	defer changed.Stop()
	defer rounds.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed.C:
			w.add(dir)
			w.last = w.stamp()
			fn(ctx)
		case <-rounds.C:
			start := time.Now()
			if w.stamp() != w.last {
				changed.Reset(debounceInterval)
			}
			rounds.Reset(max(compareInterval, pauseFactor*time.Since(start)))
		case e := <-w.events:
			if e.Has(fsnotify.Create) {
				w.add(e.Name)
			}
			if e.Op != fsnotify.Chmod {
				changed.Reset(debounceInterval)
			}
		case <-w.errors: //nolint:errcheck // an overflow, say: the next comparison sees what it hid
		}
	}
}

// watcher learns of changes from the system, and of the others by comparing the names,
// sizes and times of files.
type watcher struct {
	dir    string
	seed   maphash.Seed
	last   uint64
	system *fsnotify.Watcher // nil where there is none
	events chan fsnotify.Event
	errors chan error
}

func (w *watcher) open() {
	if system, err := fsnotify.NewWatcher(); err == nil {
		w.system, w.events, w.errors = system, system.Events, system.Errors
	}
}

func (w *watcher) close() {
	if w.system != nil {
		w.system.Close() //nolint:errcheck // nothing is lost with it
	}
}

// add asks the system to tell of every directory at and below path. What it
// cannot is left to the comparisons.
func (w *watcher) add(path string) {
	if w.system == nil {
		return
	}
	top, err := filepath.EvalSymlinks(path)
	if err != nil {
		return
	}
	_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // see above
		case !entry.IsDir():
			return nil
		case path != top && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		}
		_ = w.system.Add(path)
		return nil
	})
}

// stamp changes with every change of a file that is seen by its name, size, mode
// or time, links followed.
func (w *watcher) stamp() uint64 {
	var h maphash.Hash
	h.SetSeed(w.seed)
	files := 0
	_ = fs.WalkDir(os.DirFS(w.dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what cannot be read is missing
		}
		if name != "." && strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if files++; files > maxFiles {
			return fs.SkipAll
		}
		if info, err := os.Stat(filepath.Join(w.dir, name)); err == nil {
			fmt.Fprintf(&h, "%s\x00%d %d %v\n", name, info.Size(), info.ModTime().UnixNano(), info.Mode()) //nolint:errcheck // a hash takes everything
		}
		return nil
	})
	return h.Sum64()
}

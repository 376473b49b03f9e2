package payloadschema

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quiet is how long nothing must change before a directory is read again, since
// an editor or a copy writes files one after the other.
const quiet = 250 * time.Millisecond

// watch tells of changes of a directory and of the folders in it.
type watch struct {
	dir     string
	watcher *fsnotify.Watcher
	done    chan struct{}
}

func newWatch(dir string) (*watch, error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, errors.New("it is no directory")
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &watch{dir: dir, watcher: watcher, done: make(chan struct{})}
	if err := w.add(); err != nil {
		return nil, errors.Join(err, watcher.Close())
	}
	return w, nil
}

// add watches the directory and its folders. A folder that goes meanwhile is a
// change of the directory, which comes of itself.
func (w *watch) add() error {
	if err := w.watcher.Add(w.dir); err != nil {
		return err
	}
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		folder := filepath.Join(w.dir, entry.Name())
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			if err := w.watcher.Add(folder); err != nil {
				return err
			}
		}
	}
	return nil
}

// run calls changed after changes, until close.
func (w *watch) run(changed func()) {
	defer close(w.done)
	timer := time.NewTimer(quiet)
	timer.Stop()
	defer timer.Stop()
	for {
		select {
		case _, ok := <-w.watcher.Events:
			if !ok {
				return
			}
			timer.Reset(quiet)
		case _, ok := <-w.watcher.Errors:
			if !ok {
				return
			}
			timer.Reset(quiet) // events may have been lost
		case <-timer.C:
			// The folders first, so that what changes while they are read is told.
			_ = w.add() // what cannot be watched any more cannot be read either, which changed reports
			changed()
		}
	}
}

func (w *watch) close() {
	_ = w.watcher.Close() // it only closes what it has open
}

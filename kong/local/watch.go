package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// pollInterval is how often the file is looked at. A change is taken over when two
// looks in a row are equal, because editors write in several steps: some remove the file
// and write it anew.
const pollInterval = 100 * time.Millisecond

// watcher calls back when a file has changed. It asks for the file's state
// instead of for events: that follows a file that is replaced by renaming, a
// changed symbolic link and a mounted directory alike, and costs one system call
// a look.
type watcher struct {
	cancel context.CancelFunc
	done   chan struct{}
}

func watch(path string, changed func(context.Context)) *watcher {
	ctx, cancel := context.WithCancel(context.Background())
	w := &watcher{cancel, make(chan struct{})}
	go w.run(ctx, path, changed)
	return w
}

// stat returns nil for a file that is not there.
func stat(path string) os.FileInfo {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	return info
}

// same says whether two states of a file are of one version.
func same(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}

func (w *watcher) run(ctx context.Context, path string, changed func(context.Context)) {
	defer close(w.done)
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	// The first look counts as a change: the file may have changed between
	// being read and being watched.
	var taken, last os.FileInfo
	gone := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := stat(path)
		switch {
		case now == nil && last == nil && !gone, now != nil && same(now, last) && (gone || !same(now, taken)):
			taken, gone = now, now == nil
			changed(ctx)
		}
		last = now
	}
}

func (w *watcher) close() {
	w.cancel()
	<-w.done
}

// changed takes over the file if its text is another one.
func (s *Server) changed(ctx context.Context) {
	text, err := os.ReadFile(s.opts.ConfigPath)
	s.reload.Lock()
	known := err == nil && bytes.Equal(text, s.text) && !s.gone || s.closed
	s.gone = errors.Is(err, fs.ErrNotExist)
	s.reload.Unlock()
	if known {
		return
	}
	switch {
	case err == nil:
		err = s.Reload(ctx)
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("the file is gone: %w", err)
	}
	if err != nil {
		s.opts.Logger.Error("kong.yml is wrong and not taken over: the last good one stays in use", "err", err)
	} else {
		s.opts.Logger.Info("kong.yml is taken over", "path", s.opts.ConfigPath)
	}
	if s.opts.OnReload != nil {
		s.opts.OnReload(err)
	}
}

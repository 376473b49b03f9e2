package payloadschema

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/pool"
	"webhookedge/plugins/internal/schemas"
	"webhookedge/plugins/internal/watch"
)

// Store keeps the sets of a process. Sets of one directory are one.
type Store struct {
	log      *slog.Logger
	reloaded func(ok bool)
	builtin  func() (index, error)
	sets     *pool.Pool[string, *shared] // by directory
}

// unusedTTL is for how long a directory stays open that no set has. A set is closed
// when its route is quiet for minutes: the last good schemas are not to be gone when the
// next delivery comes and somebody has just saved bad ones.
const unusedTTL = 24 * time.Hour

// NewStore returns an empty store. reloaded, which may be nil, is told of every
// change of a directory, and whether it could be taken over.
func NewStore(log *slog.Logger, reloaded func(ok bool)) *Store {
	if reloaded == nil {
		reloaded = func(bool) {}
	}
	s := &Store{log: log, reloaded: reloaded, builtin: sync.OnceValues(compileBuiltin)}
	s.sets = pool.New[string](func(*shared) time.Duration { return unusedTTL }, func(sh *shared) { sh.stop() })
	return s
}

func compileBuiltin() (index, error) {
	files, err := read(schemas.Payloads())
	if err != nil {
		return nil, err
	}
	return compile(files)
}

// shared is a directory that is open.
type shared struct {
	current atomic.Pointer[index]
	stop    func()
}

// Set is a view of the built-in schemas and those of a directory.
type Set struct {
	shared *pool.Lease[string, *shared]
}

// Open returns the built-in schemas, with those of dir before them unless it is
// "". The error is ErrDirectory or joins an ErrSchema a file. Close gives the
// set back.
func (s *Store) Open(dir string) (*Set, error) {
	l, err := s.sets.Acquire(dir, func() (*shared, error) { return s.fill(dir) })
	if err != nil {
		return nil, err
	}
	return &Set{shared: l}, nil
}

func (s *Store) fill(dir string) (*shared, error) {
	builtin, err := s.builtin()
	if err != nil {
		return nil, err
	}
	sh := &shared{stop: func() {}}
	if dir == "" {
		sh.current.Store(&builtin)
		return sh, nil
	}
	ctx, stop := context.WithCancel(context.Background())
	first := make(chan error, 1)
	go func() {
		looked := false
		err := watch.Dir(ctx, dir, func(context.Context) {
			if looked {
				s.reload(sh, dir)
				return
			}
			looked = true
			_, err := s.take(sh, dir)
			first <- err
		})
		if err != nil { // there is no such directory, so there was no look
			first <- fmt.Errorf("%w: %w", ErrDirectory, err)
		}
	}()
	if err := <-first; err != nil {
		stop()
		return nil, err
	}
	sh.stop = stop
	return sh, nil
}

// take puts what is in dir into sh where all of it compiles.
func (s *Store) take(sh *shared, dir string) (files int, err error) {
	texts, err := read(os.DirFS(dir))
	if err != nil {
		return 0, err
	}
	own, err := compile(texts)
	if err != nil {
		return 0, err
	}
	builtin, err := s.builtin()
	if err == nil {
		sh.current.Store(merged(builtin, own))
	}
	return len(texts), err
}

// reload takes the changed files of dir over where all of them compile.
func (s *Store) reload(sh *shared, dir string) {
	files, err := s.take(sh, dir)
	s.reloaded(err == nil)
	if err != nil {
		s.log.Error("changed schemas cannot be used; the last good ones stay in use", "directory", dir, "err", err.Error())
		return
	}
	s.log.Info("changed schemas were reloaded", "directory", dir, "files", files)
}

// merged returns the schemas of both, those of own before those of builtin.
func merged(builtin, own index) *index {
	all := index{}
	for _, from := range []index{builtin, own} {
		for provider, events := range from {
			if all[provider] == nil {
				all[provider] = map[string]*Schema{}
			}
			maps.Copy(all[provider], events)
		}
	}
	return &all
}

// Find returns the schema of an event of provider: that of <kind>.<action>,
// else that of <kind>; nil where there is neither.
func (s *Set) Find(provider, kind, action string) *Schema {
	events := (*s.shared.Value().current.Load())[provider]
	if len(events) == 0 {
		return nil
	}
	if action != "" {
		if schema := events[kind+"."+action]; schema != nil {
			return schema
		}
	}
	return events[kind]
}

// Close gives the set back; the watch of a directory ends a while after the last one.
func (s *Set) Close() { s.shared.Release() }

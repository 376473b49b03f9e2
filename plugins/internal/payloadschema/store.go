package payloadschema

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/schemas"
)

// Store keeps the sets of a process. Sets of one directory are one.
type Store struct {
	log      *slog.Logger
	reloaded func(ok bool)

	mu      sync.Mutex
	builtin index
	sets    map[string]*shared
}

// NewStore returns an empty store. reloaded, which may be nil, is told of every
// change of a directory, and whether it could be taken over.
func NewStore(log *slog.Logger, reloaded func(ok bool)) *Store {
	if reloaded == nil {
		reloaded = func(bool) {}
	}
	return &Store{log: log, reloaded: reloaded, sets: map[string]*shared{}}
}

// keepUnused is for how long a directory stays open that no set has. A set is closed
// when its route is quiet for minutes: the last good schemas are not to be gone when the
// next delivery comes and somebody has just saved bad ones.
const keepUnused = 24 * time.Hour

// shared is a directory that is open.
type shared struct {
	users   int
	unused  int // how often it lost its last user
	current atomic.Pointer[index]
	watch   *watch // nil without a directory
}

// Set is a view of the built-in schemas and those of a directory.
type Set struct {
	store  *Store
	dir    string
	shared *shared
	closed atomic.Bool
}

// Open returns the built-in schemas, with those of dir before them unless it is
// "". The error is ErrDirectory or joins an ErrSchema a file. Close gives the
// set back.
func (s *Store) Open(dir string) (*Set, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.builtin == nil {
		files, err := read(schemas.Payloads())
		if err != nil {
			return nil, err
		}
		if s.builtin, err = compile(files); err != nil {
			return nil, err
		}
	}
	sh := s.sets[dir]
	if sh == nil {
		sh = &shared{}
		if err := s.fill(sh, dir); err != nil {
			return nil, err
		}
		s.sets[dir] = sh
	}
	sh.users++
	return &Set{store: s, dir: dir, shared: sh}, nil
}

func (s *Store) fill(sh *shared, dir string) error {
	if dir == "" {
		sh.current.Store(&s.builtin)
		return nil
	}
	// Watching begins before reading, so that no change between is missed.
	w, err := newWatch(dir)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDirectory, err)
	}
	files, err := read(os.DirFS(dir))
	if err == nil {
		var all index
		if all, err = compile(files); err == nil {
			sh.current.Store(merged(s.builtin, all))
		}
	}
	if err != nil {
		w.close()
		return err
	}
	sh.watch = w
	go w.run(func() { s.reload(sh, dir) })
	return nil
}

// reload takes the changed files of dir over where all of them compile.
func (s *Store) reload(sh *shared, dir string) {
	files, err := read(os.DirFS(dir))
	if err == nil {
		var all index
		if all, err = compile(files); err == nil {
			sh.current.Store(merged(s.builtin, all))
		}
	}
	s.reloaded(err == nil)
	if err != nil {
		s.log.Error("schemas changed and cannot be used; the last good ones stay", "directory", dir, "err", err.Error())
		return
	}
	s.log.Info("schemas changed and were read again", "directory", dir, "files", len(files))
}

// merged returns the schemas of both, those of own before those of builtin.
func merged(builtin, own index) *index {
	all := index{}
	for _, from := range []index{builtin, own} {
		for provider, events := range from {
			if all[provider] == nil {
				all[provider] = map[string]*Schema{}
			}
			for event, schema := range events {
				all[provider][event] = schema
			}
		}
	}
	return &all
}

// Find returns the schema of an event of provider: that of <kind>.<action>,
// else that of <kind>; nil where there is neither.
func (s *Set) Find(provider, kind, action string) *Schema {
	events := (*s.shared.current.Load())[provider]
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
func (s *Set) Close() {
	if !s.closed.CompareAndSwap(false, true) {
		return
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if s.shared.users--; s.shared.users > 0 {
		return
	}
	s.shared.unused++
	unused := s.shared.unused
	time.AfterFunc(keepUnused, func() { s.store.drop(s.dir, s.shared, unused) })
}

// drop ends the watch of a directory unless somebody opened it again.
func (s *Store) drop(dir string, sh *shared, unused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sh.users > 0 || sh.unused != unused {
		return
	}
	delete(s.sets, dir)
	if sh.watch != nil {
		sh.watch.close()
	}
}

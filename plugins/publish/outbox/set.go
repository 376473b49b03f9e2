package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/publish/jsconn"
)

// stage is the value of the log key "stage".
const stage = "publish"

// Counters count for all outboxes of a set.
type Counters struct {
	Journaled   atomic.Uint64 // answered when the journal alone had them
	Drained     atomic.Uint64 // waited in a journal and were published
	Refused     atomic.Uint64 // neither the broker nor the journal took them
	Missed      atomic.Uint64 // the broker took them and the journal did not in time
	Republished atomic.Uint64 // the broker had acknowledged and lost them
	Reused      atomic.Uint64 // their id came before with another body
}

// Set is the outboxes of a process, one for each directory. It is safe for concurrent
// use.
type Set struct {
	Counters
	log *slog.Logger
	cfg journal.Config // of each, but for the directory and its limits

	mu     sync.Mutex
	byDir  map[string]*Outbox
	closed bool
}

// NewSet returns an empty set, whose outboxes take their directories and limits from
// Claim and the rest from cfg.
func NewSet(log *slog.Logger, cfg journal.Config) *Set {
	return &Set{log: log, cfg: cfg, byDir: map[string]*Outbox{}}
}

// Claim makes the connection a user of the directory's outbox, whose limits are from now
// on those given. It waits for nobody.
func (s *Set) Claim(lease *jsconn.Lease, dir string, limits journal.Limits) (*Outbox, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, jsconn.ErrClosed
	}
	d, ok := s.byDir[dir]
	if !ok {
		cfg := s.cfg
		cfg.Dir, cfg.Limits = dir, limits
		d = open(cfg, s.log, &s.Counters)
		s.byDir[dir] = d
	}
	d.own.Limit(limits)
	d.claims = append(d.claims, lease)
	d.choose()
	if !ok {
		go d.run()
	}
	return d, nil
}

// Unclaim ends the use of d by lease.
func (s *Set) Unclaim(lease *jsconn.Lease, d *Outbox) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.Index(d.claims, lease); at >= 0 {
		d.claims = slices.Delete(d.claims, at, at+1)
	}
	d.choose()
}

// choose gives the outbox to the newest connection of the broker that has it, or,
// when that has no users any more, to that of the next. It is called with the set's lock
// held.
func (d *Outbox) choose() {
	if len(d.claims) == 0 {
		return
	}
	owner := d.owner.Load()
	has := d.claims[0].Value()
	if owner != nil && slices.ContainsFunc(d.claims, func(l *jsconn.Lease) bool { return l.Value().SameBroker(owner) }) {
		has = owner
	}
	var next *jsconn.Lease
	for _, one := range d.claims {
		if one.Value().SameBroker(has) {
			next = one
		} else {
			d.log.Error("events of these servers are not journaled", "servers", one.Value().Settings.Servers, "err", errElsewhere.Error())
		}
	}
	if next.Value() == owner {
		return
	}
	before := d.hold
	d.hold = next.Again()
	d.owner.Store(d.hold.Value())
	if before == nil {
		return
	}
	if !d.hold.Value().SameBroker(owner) {
		d.log.Warn("no instance uses the servers of this journal any more: it goes to others, with the events that wait in it",
			"before", owner.Settings.Servers, "servers", d.hold.Value().Settings.Servers, "events", d.Depth())
	}
	before.Release()
}

// Takes reports whether an outbox takes the events of conn.
func (s *Set) Takes(conn *jsconn.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.byDir {
		uses := func(l *jsconn.Lease) bool { return l.Value() == conn }
		if slices.ContainsFunc(d.claims, uses) && d.isFor(conn) && d.own.Ready() == nil {
			return true
		}
	}
	return false
}

// Owned counts the holds that outboxes have on connections.
func (s *Set) Owned() map[*jsconn.Conn]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	owned := map[*jsconn.Conn]int{}
	for _, d := range s.byDir {
		owned[d.owner.Load()]++
	}
	return owned
}

// Ready joins which outboxes take no events, and which hold events that nobody may ever
// publish.
func (s *Set) Ready() error {
	var faults []error
	for _, d := range s.all() {
		if err := d.own.Ready(); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", d.cfg.Dir, err))
		}
		if n := d.Depth(); n > 0 && !s.claimed(d) {
			faults = append(faults, fmt.Errorf("%s: %d events wait for servers that no running instance names: %v", d.cfg.Dir, n, d.owner.Load().Settings.Servers))
		}
		if n := d.own.Stats().Parked; n > 0 {
			faults = append(faults, fmt.Errorf("%s: %d events cannot be published as they are: see webhookctl journal ls", d.cfg.Dir, n))
		}
	}
	return errors.Join(faults...)
}

// Compared reports whether the broker was asked for all that it acknowledged to every
// outbox, and each has some.
func (s *Set) Compared() bool {
	for _, d := range s.all() {
		streams := slices.Collect(maps.Values(d.acknowledged()))
		if len(streams) == 0 || slices.ContainsFunc(streams, func(s acknowledged) bool { return !s.known }) {
			return false
		}
	}
	return true
}

// Close stops publishing and waits until the disk has everything, or ctx is done.
func (s *Set) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	var faults []error
	for _, d := range s.all() {
		faults = append(faults, d.close(ctx))
	}
	return errors.Join(faults...)
}

func (s *Set) all() []*Outbox {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.byDir))
}

// claimed reports whether a stage uses d.
func (s *Set) claimed(d *Outbox) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(d.claims) > 0
}

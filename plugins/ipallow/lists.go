package ipallow

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gaissmai/bart"

	"webhookedge/plugins/internal/pool"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/spec"
)

// ErrNoList means that a list has never been known, so nobody is on it.
var ErrNoList = errors.New("the list was never fetched and has no snapshot")

// Lists are the published lists of a process, one for each list and way to
// refresh it, whatever number of stages use it. It is safe for concurrent use.
type Lists struct {
	log     *slog.Logger
	now     func() time.Time
	clients clients
	metrics *Metrics

	pool *pool.Pool[listKey, *list]

	mu    sync.Mutex
	known map[listKey]*state // of lists that nobody used for unusedTTL
}

// unusedTTL is how long an unused list is still refreshed. Stages close when their route is
// quiet for minutes, and the next delivery must not meet an outdated list.
const unusedTTL = 24 * time.Hour

// listKey tells lists apart that must not share their state.
type listKey struct {
	name, url, dir string
	interval       time.Duration
}

// list is one published list. Lookups read table; the refreshing goroutine writes it.
type list struct {
	key      listKey
	row      spec.RangeList
	mirrored bool // key.url is a mirror's
	files    folder
	table    atomic.Pointer[bart.Lite]
	state    atomic.Pointer[state]
	end      func() // ends the refreshing and waits for it
}

// NewLists returns an empty set, whose refreshing counts in metrics.
func NewLists(log *slog.Logger, now func() time.Time, metrics *Metrics) *Lists {
	l := &Lists{log: log, now: now, metrics: metrics, clients: newClients(), known: map[listKey]*state{}}
	l.pool = pool.New[listKey](func(*list) time.Duration { return unusedTTL }, l.retire)
	metrics.ages.shown.Store(l)
	return l
}

// acquire returns the list of row as cfg refreshes it. It waits for no network.
func (l *Lists) acquire(row spec.RangeList, cfg *RangesConfig) (*pool.Lease[listKey, *list], error) {
	k := listKey{name: row.Name, url: cfg.source(&row), dir: cfg.Dir, interval: cfg.interval()}
	return l.pool.Acquire(k, func() (*list, error) {
		one := &list{key: k, row: row, mirrored: cfg.Mirror != "", files: folder{k.dir}, end: func() {}}
		l.recall(one)
		l.metrics.inUse(row.Name)
		if k.url != "" {
			ctx, stop := context.WithCancel(context.Background())
			var work sync.WaitGroup
			work.Go(func() { l.refresh(ctx, one) })
			one.end = func() { stop(); work.Wait() }
		}
		return one, nil
	})
}

// retire ends the refreshing of a list that nobody used for a while. What is known of it
// stays: it may have been fetched, and have neither a snapshot nor a file.
func (l *Lists) retire(one *list) {
	one.end()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known[one.key] = one.state.Load()
}

// recall fills a new list with the newest of its snapshot, its file and what was known before.
func (l *Lists) recall(one *list) {
	best, err := shipped(one.row.Name)
	if err != nil { // a test reads every snapshot
		l.log.Error("snapshot of the address list "+one.row.Name+" cannot be used", telemetry.KeyErr, err.Error())
	}
	kept, err := one.files.load(one.row.Name)
	switch {
	case err != nil:
		l.log.Warn("kept address list "+one.row.Name+" cannot be used", "dir", one.key.dir, telemetry.KeyErr, err.Error())
	case kept != nil && (best == nil || kept.at.After(best.at)):
		best = kept
	}
	l.mu.Lock()
	before := l.known[one.key]
	l.mu.Unlock()
	if before != nil && (best == nil || before.at.After(best.at)) {
		best = before
	}
	if best == nil {
		best = &state{}
	}
	one.set(best)
}

func (o *list) set(s *state) {
	o.table.Store(trie(s.prefixes))
	o.state.Store(s)
}

// contains reports whether addr, which must be unmapped, is on the list.
func (o *list) contains(addr netip.Addr) bool { return o.table.Load().Contains(addr) }

// Ready reports lists on which nobody is, so that every delivery is refused.
func (l *Lists) Ready(context.Context) error {
	var faults []error
	for _, one := range l.used() {
		if len(one.state.Load().prefixes) == 0 {
			faults = append(faults, errors.New("address list "+one.row.Name+": "+ErrNoList.Error()))
		}
	}
	return errors.Join(faults...)
}

func (l *Lists) used() []*list {
	var all []*list
	for one, users := range l.pool.All() {
		if users > 0 {
			all = append(all, one)
		}
	}
	return all
}

// Close ends all refreshing and waits for it. Stages must have been closed before.
func (l *Lists) Close() { l.pool.Close() }

package ipallow

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gaissmai/bart"

	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider"
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

	mu     sync.Mutex
	byKey  map[listKey]*list
	closed bool
	ctx    context.Context //nolint:containedctx // ends the refreshing of all lists
	stop   context.CancelFunc
	work   sync.WaitGroup
}

// keepUnused is for how long a list is refreshed that no stage uses. A stage is closed
// when its route is quiet for minutes: its next delivery is not to be held against a
// list of last week.
const keepUnused = 24 * time.Hour

// listKey tells lists apart that must not share their state.
type listKey struct {
	name, url, dir string
	every          time.Duration
}

// list is one published list. Lookups read table; everything else is of the
// refreshing goroutine or under Lists.mu.
type list struct {
	key      listKey
	row      provider.RangeList
	mirrored bool // key.url is a mirror's
	files    folder
	table    atomic.Pointer[bart.Lite]
	state    atomic.Pointer[state]
	users    int
	unused   int                // how often it lost its last user
	end      context.CancelFunc // of the refreshing, nil where there is none
}

// ListsOption sets an optional part of Lists.
type ListsOption func(*Lists)

// WithTransport fetches through t, from any address.
func WithTransport(t http.RoundTripper) ListsOption {
	return func(l *Lists) { l.clients.publishers.Transport, l.clients.mirror.Transport = t, t }
}

// NewLists returns an empty set, whose refreshing counts in metrics.
func NewLists(log *slog.Logger, now func() time.Time, metrics *Metrics, opts ...ListsOption) *Lists {
	ctx, stop := context.WithCancel(context.Background())
	l := &Lists{
		log: log, now: now, metrics: metrics, clients: newClients(),
		byKey: map[listKey]*list{}, ctx: ctx, stop: stop,
	}
	for _, opt := range opts {
		opt(l)
	}
	metrics.lists(l)
	return l
}

// acquire returns the list of row as cfg refreshes it. It waits for no network.
func (l *Lists) acquire(row provider.RangeList, cfg *RangesConfig) *list {
	k := listKey{name: row.Name, url: cfg.source(&row), dir: cfg.Dir, every: cfg.every()}
	l.mu.Lock()
	defer l.mu.Unlock()
	one, ok := l.byKey[k]
	if !ok {
		one = &list{key: k, row: row, mirrored: cfg.Mirror != "", files: folder{k.dir}}
		l.recall(one)
		l.byKey[k] = one
	}
	one.users++
	if one.end == nil && k.url != "" && !l.closed {
		ctx, end := context.WithCancel(l.ctx)
		one.end = end
		l.work.Go(func() { l.refresh(ctx, one) })
	}
	return one
}

// release ends the refreshing of a list that nobody uses, a while after. What is known
// of it stays.
func (l *Lists) release(one *list) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one.users--
	if one.users > 0 {
		return
	}
	one.unused++
	unused := one.unused
	time.AfterFunc(keepUnused, func() { l.rest(one, unused) })
}

// rest ends the refreshing of one unless somebody took it up again.
func (l *Lists) rest(one *list, unused int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.users == 0 && one.unused == unused && one.end != nil {
		one.end()
		one.end = nil
	}
}

// recall fills a new list with the newer of its snapshot and what is on disk.
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
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*list
	for _, one := range l.byKey {
		if one.users > 0 {
			all = append(all, one)
		}
	}
	return all
}

// Close ends all refreshing and waits for it.
func (l *Lists) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.stop()
	l.work.Wait()
}

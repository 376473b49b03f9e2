package list

import (
	"iter"
	"slices"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
)

// maxPage bounds the rows of a page.
const maxPage = 200

// Page returns the rows of a query.
func (l *List) Page(q *api.Query) *api.Page {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := &api.Page{Rows: []api.Row{}, Offset: q.Offset, Total: l.total(), Last: l.last, Dropped: l.first - 1}
	until := l.last
	if q.Until != 0 {
		until = min(until, q.Until)
	}
	number := func(i int) uint64 { return l.first + uint64(i) }
	if picksAll(q) {
		if until >= l.first {
			p.Matched = int(until + 1 - l.first)
		}
	} else {
		rows := l.view(q).rows
		p.Matched, _ = slices.BinarySearch(rows, until+1)
		number = func(i int) uint64 { return rows[i] }
	}
	begin := p.Matched - max(q.Offset, 0)
	for i := begin - 1; i >= 0 && len(p.Rows) < min(max(q.Count, 0), maxPage); i-- {
		p.Rows = append(p.Rows, l.shown(number(i)))
	}
	return p
}

// Get returns what a row says of a delivery.
func (l *List) Get(n uint64) (d site.Delivery, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.has(n) {
		return d, false
	}
	r, _ := l.at(n)
	return site.Delivery{Row: l.shown(n), Stored: l.places(n, r), Kept: r.kept}, true
}

const (
	// recentAtOnce is how many rows are copied at once, so that what comes need not wait.
	recentAtOnce = 1000
	// recentSlack is how many old rows in a row end a walk: rows are in the order of
	// their arrival, which is not quite that of their times.
	recentSlack = 1000
)

// Recent yields the deliveries since a time, the newest first.
func (l *List) Recent(since time.Time) iter.Seq[site.Recent] {
	return func(yield func(site.Recent) bool) {
		old := 0
		for next := l.Now().Last; next > 0; {
			var some []site.Recent
			some, next, old = l.recent(next, since.UnixMicro(), old)
			for _, r := range some {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// recent returns the deliveries from a number on, and the number that goes on; 0 is the
// end.
func (l *List) recent(from uint64, since int64, old int) (some []site.Recent, next uint64, _ int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := from; l.has(n); n-- {
		if len(some) == recentAtOnce {
			return some, n, old
		}
		r, _ := l.at(n)
		if r.at < since {
			if old++; old == recentSlack {
				break
			}
			continue
		}
		old = 0
		one := site.Recent{Row: l.shown(n), Stage: l.text(r, stage)}
		for _, p := range l.places(n, r) {
			if p.Subject != "" && !p.Duplicate {
				one.Subjects = append(one.Subjects, p.Subject)
			}
		}
		some = append(some, one)
	}
	return some, 0, old
}

// maxSame bounds the answer of Same.
const maxSame = 20

// Same returns the numbers of deliveries whose event has a place in a stream, the newest
// first.
func (l *List) Same(name string, sequence uint64) (all []uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := l.columns[stream].ids[name]
	for n := l.last; l.has(n) && len(all) < maxSame; n-- {
		r, _ := l.at(n)
		first := r.sequence == sequence && r.symbols[stream] == id
		more := r.events > 1 && slices.ContainsFunc(l.more[n], func(p site.Stored) bool { return p.Stream == name && p.Sequence == sequence })
		if first || more {
			all = append(all, n)
		}
	}
	return all
}

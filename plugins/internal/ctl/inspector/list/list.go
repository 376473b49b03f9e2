// Package list keeps the inspector's rows in memory, a million of them, and picks out of
// them what a page asks for.
//
// A row takes 80 bytes, and the texts that tell it from others: its request id, the id of
// its event and the resource. Texts that many rows share are symbols. What is filtered by
// is remembered with the rows that it picks, so that a page of a filter that is looked at
// costs what has come since.
package list

import (
	"hash/maphash"
	"sync"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/site"
)

// Max is how many rows are kept, the newest. It is a multiple of blockRows.
const Max = 1_000_000

// blockRows is how many rows are forgotten at once.
const blockRows = 5000

// List is the rows. It is safe for concurrent use.
type List struct {
	now  func() time.Time
	max  int
	seed maphash.Seed

	mu      sync.Mutex
	blocks  []*block
	first   uint64            // number of the first row of the first block
	last    uint64            // number of the newest row, 0 where there is none
	index   map[uint64]uint64 // from hashes of request ids to numbers
	more    map[uint64][]site.Stored
	columns [columns]table
	counts  counts
	views   views
	changes uint64 // all that was ever put
	rate    rate
}

// block is a number of rows with their texts.
type block struct {
	rows  []row
	texts []byte
}

// New returns an empty list of at most max rows; 0 is Max. It forgets whole blocks, and
// so keeps a little less.
func New(limit int, now func() time.Time) *List {
	if limit == 0 {
		limit = Max
	}
	l := &List{
		now: now, max: max(limit, 2*blockRows), seed: maphash.MakeSeed(), first: 1,
		index: map[uint64]uint64{}, more: map[uint64][]site.Stored{}, counts: counts{status: map[uint16]int{}},
	}
	for i := range l.columns {
		l.columns[i] = newTable()
	}
	return l
}

// Put adds what is known of a delivery: to the row of its request id where there is one,
// else as a new row. It returns the row's number.
func (l *List) Put(f *Fact) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes++
	hash := maphash.String(l.seed, f.RequestID)
	if n, ok := l.index[hash]; ok && f.RequestID != "" && l.requestID(n) == short(f.RequestID) {
		r, b := l.at(n)
		l.count(r, -1)
		l.merge(r, b, n, f)
		l.count(r, 1)
		l.views.changed(n)
		return n
	}
	b := l.room()
	l.last++
	n := l.last
	b.rows = append(b.rows, row{})
	r := &b.rows[len(b.rows)-1]
	l.merge(r, b, n, f)
	l.count(r, 1)
	if f.RequestID != "" {
		l.index[hash] = n
	}
	l.rate.add(l.now(), r.time())
	return n
}

// room returns the block that the next row goes into, and forgets the oldest one where
// there are too many.
func (l *List) room() *block {
	if n := len(l.blocks); n > 0 && len(l.blocks[n-1].rows) < blockRows {
		return l.blocks[n-1]
	}
	if len(l.blocks)*blockRows >= l.max {
		l.forget()
	}
	b := &block{rows: make([]row, 0, blockRows)}
	l.blocks = append(l.blocks, b)
	return b
}

// forget drops the oldest block, and the symbols that only it had.
func (l *List) forget() {
	b := l.blocks[0]
	for i := range b.rows {
		r := &b.rows[i]
		l.count(r, -1)
		id, _, _ := r.texts(b)
		if hash := maphash.Bytes(l.seed, id); l.index[hash] == l.first+uint64(i) {
			delete(l.index, hash)
		}
		delete(l.more, l.first+uint64(i))
	}
	l.blocks[0] = nil
	l.blocks = l.blocks[1:]
	l.first += uint64(len(b.rows))
	for i := range l.columns {
		l.columns[i].sweep()
	}
	l.views.reset() // symbols are given anew
}

// at returns the row of a number that is there.
func (l *List) at(n uint64) (*row, *block) {
	i := n - l.first
	b := l.blocks[i/blockRows]
	return &b.rows[i%blockRows], b
}

func (l *List) has(n uint64) bool { return n >= l.first && n <= l.last && n > 0 }

func (l *List) requestID(n uint64) string {
	r, b := l.at(n)
	id, _, _ := r.texts(b)
	return string(id)
}

func (l *List) total() int { return int(l.last + 1 - l.first) }

// Now is how the list is.
type Now struct {
	Last      uint64
	Total     int
	PerSecond float64 // deliveries, over the last ten seconds
	Changes   uint64  // differs where anything has changed
}

// Now returns how the list is.
func (l *List) Now() Now {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Now{Last: l.last, Total: l.total(), PerSecond: l.rate.perSecond(l.now()), Changes: l.changes}
}

// rate counts the deliveries of the last seconds.
type rate struct {
	counts [rateSeconds + 1]int
	second int64 // that the last count is of
}

const rateSeconds = 10

// turn makes room for the second of now.
func (r *rate) turn(now time.Time) {
	second := now.Unix()
	for n := max(r.second+1, second-rateSeconds); n <= second; n++ {
		r.counts[n%int64(len(r.counts))] = 0
	}
	r.second = max(r.second, second)
}

// add counts a delivery, unless it is an old one that is read from a stream.
func (r *rate) add(now, at time.Time) {
	r.turn(now)
	if now.Sub(at) < rateSeconds*time.Second {
		r.counts[r.second%int64(len(r.counts))]++
	}
}

// perSecond leaves the second out that is not over yet.
func (r *rate) perSecond(now time.Time) float64 {
	r.turn(now)
	sum := 0
	for n, count := range r.counts {
		if int64(n) != r.second%int64(len(r.counts)) {
			sum += count
		}
	}
	return float64(sum) / rateSeconds
}

package quarantine

import (
	"errors"
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// part is how much of a budget one source of strangers gets at most: one of eight.
const part = 8

// source is where a delivery came from: an IPv4 address, or the network of 64 bits of
// an IPv6 address, since a host has all of those. The zero source is an unknown one.
type source netip.Prefix

func sourceOf(addr netip.Addr) source {
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	prefix, err := addr.Prefix(bits)
	if err != nil { // of the zero Addr
		return source{}
	}
	return source(prefix)
}

// budget counts what a process keeps in a minute of the clock. A minute's count
// can come twice in a row around its end; what is bounded is the day.
type budget struct {
	mu       sync.Mutex
	minute   int64
	total    count
	provider map[string]count
	sources  *sketch // strangers by source, and by source and provider
}

// count is how many refusals there were, and how many of strangers.
type count struct{ all, strangers int }

func newBudget() *budget { return &budget{sources: newSketch()} }

// take counts one refusal of a provider unless that would be more than a limit allows.
// Deliveries that nothing proved leave a quarter of each limit to those that were
// proved, and one source of them gets an eighth of it. The result is resultStored,
// resultBudget or resultShare.
func (b *budget) take(provider string, from source, stranger bool, now time.Time, perProvider, perMinute int) string {
	minute := now.Unix() / 60
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.provider == nil || b.minute != minute {
		b.minute, b.total, b.provider = minute, count{}, map[string]count{}
		b.sources.clear()
	}
	of := b.provider[provider]
	if b.total.all >= perMinute || of.all >= perProvider {
		return resultBudget
	}
	if stranger {
		if b.total.strangers >= perMinute-perMinute/reserve || of.strangers >= perProvider-perProvider/reserve {
			return resultBudget
		}
		type both struct {
			source   source
			provider string
		}
		one, two := maphash.Comparable(b.sources.seed, both{from, ""}), maphash.Comparable(b.sources.seed, both{from, provider})
		if b.sources.of(one) >= uint64(max(perMinute/part, 1)) || b.sources.of(two) >= uint64(max(perProvider/part, 1)) {
			return resultShare
		}
		b.sources.add(one, 1)
		b.sources.add(two, 1)
		b.total.strangers++
		of.strangers++
	}
	b.total.all++
	of.all++
	b.provider[provider] = of
	return resultStored
}

// A sketch has this many rows of counters, so that two addresses share all of theirs
// by a rare accident only.
const (
	sketchRows  = 4
	sketchWidth = 2048 // a power of two
)

// sketch counts by key in a fixed size, whatever the number of keys: a count-min
// sketch with conservative update (Estan and Varghese, 2002). It may count too much
// for a key, and never too little. Its hash is seeded, so that nobody can choose
// addresses that share counters with another's.
type sketch struct {
	seed  maphash.Seed
	cells [sketchRows][sketchWidth]uint64
}

func newSketch() *sketch { return &sketch{seed: maphash.MakeSeed()} }

// of returns the count of a key.
func (s *sketch) of(key uint64) uint64 {
	least := s.cells[0][cell(key, 0)]
	for row := 1; row < sketchRows; row++ {
		least = min(least, s.cells[row][cell(key, row)])
	}
	return least
}

// add counts n for a key.
func (s *sketch) add(key, n uint64) {
	total := s.of(key) + n
	for row := range sketchRows {
		c := &s.cells[row][cell(key, row)]
		*c = max(*c, total)
	}
}

// clear forgets everything.
func (s *sketch) clear() { s.cells = [sketchRows][sketchWidth]uint64{} }

// cell is the place of a key in a row (Kirsch and Mitzenmacher, 2006: two hashes do for
// all rows).
func cell(key uint64, row int) uint64 {
	return (key + uint64(row)*(key>>32|1)) % sketchWidth
}

// The reasons for which a stranger's delivery is not stored.
var (
	errShare = errors.New("its source has used up its share of the stream")
	errPace  = errors.New("refused deliveries come faster than the stream may fill")
)

// Within an age strangers together may fill pace times what is free, so that the more a
// flood has taken the slower it goes on: at any time at least one of 20 parts (e to the
// power of -pace) is left, and what is removed by its age makes that one of four. At
// once they may fill one of burst parts of what is free.
const (
	pace  = 3
	burst = 16
)

// endless stands for the age of messages in a stream that keeps them without end.
const endless = 30 * 24 * time.Hour

// share bounds what deliveries that nothing proved take of one stream, in bytes: all of
// them by time, each source of them by age.
type share struct {
	mu      sync.Mutex
	saved   float64 // bytes that may be stored now
	at      time.Time
	since   time.Time  // begin of the younger half of sources
	sources [2]*sketch // bytes by source: of this age, and of the one before
}

func newShare() *share {
	s := &share{sources: [2]*sketch{newSketch(), newSketch()}}
	s.sources[1].seed = s.sources[0].seed
	return s
}

// take counts size bytes of a source, or returns errShare or errPace.
func (s *share) take(from source, size int64, known *known, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age(known.age, now)
	key := maphash.Comparable(s.sources[0].seed, from)
	// The part of the older half that lies within an age from now.
	left := max(1-float64(now.Sub(s.since))/float64(known.age), 0)
	if float64(s.sources[0].of(key))+left*float64(s.sources[1].of(key))+float64(size) > float64(known.most/part) {
		return errShare
	}
	s.save(float64(known.room), known.age, now)
	if float64(size) > s.saved {
		return errPace
	}
	s.saved -= float64(size)
	s.sources[0].add(key, uint64(size))
	return nil
}

// age begins a new half when an age is over. A clock that was set back begins one, too.
func (s *share) age(age time.Duration, now time.Time) {
	switch since := now.Sub(s.since); {
	case s.since.IsZero(), since >= 2*age:
		s.sources[1].clear()
	case since >= age, since < 0:
		s.sources[0], s.sources[1] = s.sources[1], s.sources[0]
	default:
		return
	}
	s.sources[0].clear()
	s.since = now
}

// save adds what the time since the last call allows.
func (s *share) save(room float64, age time.Duration, now time.Time) {
	if since := now.Sub(s.at); !s.at.IsZero() && since >= 0 {
		s.saved = min(s.saved+room*pace*float64(since)/float64(age), room/burst)
	} else {
		s.saved = room / burst
	}
	s.at = now
}

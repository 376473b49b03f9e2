package quarantine

import (
	"errors"
	"hash/maphash"
	"sync"
	"time"
)

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

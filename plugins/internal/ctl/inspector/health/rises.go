package health

import (
	"fmt"
	"time"

	"github.com/docker/go-units"
)

// rises remembers when counters last rose while somebody looked: a total alone does not
// tell yesterday's from today's.
type rises map[string]rise

type rise struct {
	value float64
	at    time.Time // zero until it rose
}

// maxRises bounds the counters that are remembered.
const maxRises = 10_000

// see takes note of a counter, and returns when it last rose; zero where it has not since
// it was first seen.
func (r rises) see(name string, value float64, now time.Time) time.Time {
	before, known := r[name]
	if !known && len(r) >= maxRises {
		return time.Time{}
	}
	one := rise{value, before.at}
	if known && value > before.value {
		one.at = now
	}
	r[name] = one
	return one.at
}

// rose reports whether a counter rose within a time.
func (r rises) rose(name string, value float64, now time.Time, within time.Duration) bool {
	at := r.see(name, value, now)
	return !at.IsZero() && now.Sub(at) <= within
}

// span is a number of seconds in words.
func span(seconds float64) string {
	return units.HumanDuration(time.Duration(min(max(seconds, 0), maxSpan) * float64(time.Second)))
}

// maxSpan is a century in seconds, which is far from the end of a time.Duration.
const maxSpan = 100 * 365 * 86400

func bytesOf(n float64) string { return units.BytesSize(n) }

// count is a number with its noun.
func count(n float64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%.0f %s", n, more)
}

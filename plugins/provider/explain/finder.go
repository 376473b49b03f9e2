package explain

import (
	"sync"
	"time"
)

// Looking for the cause of a wrong signature is work that anybody can ask for, so
// it is bounded for the process as a whole: what the bounds let through costs
// less than a hundredth of a core. BenchmarkFinder shows what one costs.
const (
	maxExamined       = 12       // refused deliveries a minute
	maxExaminedBody   = 16 << 10 // bytes; a larger one is not examined
	maxExaminedTrials = 64       // signatures that are computed for one
)

// Finder looks for the causes of refusals while deliveries come in, a few times a
// minute.
type Finder struct {
	now func() time.Time

	mu     sync.Mutex
	minute time.Time
	left   int
}

// NewFinder returns a finder whose minutes are those of now.
func NewFinder(now func() time.Time) *Finder { return &Finder{now: now} }

// Cause returns the cause in a sentence, "" where none is found or the minute's
// examinations are used up. Guesses that fit every forged delivery, such as another
// secret, are none.
func (f *Finder) Cause(c Case) string {
	if len(c.Request.Body) > maxExaminedBody || !f.allows() {
		return ""
	}
	c.Trials = maxExaminedTrials
	found := Causes(c)
	if len(found) == 0 {
		return ""
	}
	if first := found[0]; first.Proven || first.Name == BodyTruncated {
		return first.Text
	}
	return ""
}

// allows takes one examination of this minute's.
func (f *Finder) allows() bool {
	now := f.now()
	f.mu.Lock()
	defer f.mu.Unlock()
	if age := now.Sub(f.minute); age < 0 || age >= time.Minute {
		f.minute, f.left = now, maxExamined
	}
	if f.left == 0 {
		return false
	}
	f.left--
	return true
}

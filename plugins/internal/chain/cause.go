package chain

import (
	"sync"
	"time"

	"webhookedge/plugins/provider/explain"
	"webhookedge/plugins/verify"
)

// Looking for the cause of a wrong signature is work that anybody can ask for, so
// it is bounded for the process as a whole: what the bounds let through costs
// less than a hundredth of a core. BenchmarkCause shows what one costs.
const (
	maxExamined       = 12       // refused deliveries a minute
	maxExaminedBody   = 16 << 10 // bytes; a larger one is not examined
	maxExaminedTrials = 64       // signatures that are computed for one
)

// causes looks for what is behind wrong signatures, a few times a minute.
type causes struct {
	now func() time.Time

	mu     sync.Mutex
	minute time.Time
	left   int
}

func newCauses(now func() time.Time) *causes { return &causes{now: now} }

// find returns the cause in a sentence. Guesses that fit every forged delivery,
// such as another secret, are none.
func (c *causes) find(r verify.Refused) string {
	if len(r.Request.Body) > maxExaminedBody || !c.allows() {
		return ""
	}
	found := explain.Causes(explain.Case{
		Row: r.Row, Options: r.Options, Request: r.Request, Now: r.Now, Err: r.Err, Document: r.Document,
		Trials: maxExaminedTrials,
	})
	if len(found) == 0 {
		return ""
	}
	if first := found[0]; first.Proven || first.Name == explain.BodyTruncated {
		return first.Text
	}
	return ""
}

// allows takes one examination of this minute's.
func (c *causes) allows() bool {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if age := now.Sub(c.minute); age < 0 || age >= time.Minute {
		c.minute, c.left = now, maxExamined
	}
	if c.left == 0 {
		return false
	}
	c.left--
	return true
}

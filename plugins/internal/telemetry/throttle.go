package telemetry

import (
	"sync"
	"time"
)

// Throttle lets one log line of a kind through a minute. Its zero value is ready.
type Throttle struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// Allow says whether a line of a kind may be written now. Callers have a handful
// of kinds: all are kept.
func (t *Throttle) Allow(kind string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last, ok := t.last[kind]; ok && !now.Before(last) && now.Sub(last) < time.Minute {
		return false
	}
	if t.last == nil {
		t.last = map[string]time.Time{}
	}
	t.last[kind] = now
	return true
}

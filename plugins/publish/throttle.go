package publish

import (
	"sync"
	"time"
)

// throttle lets one line of a kind through a minute.
type throttle struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// allow keeps a map of kinds, of which callers have a handful.
func (t *throttle) allow(kind string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last, ok := t.last[kind]; ok && now.Sub(last) < time.Minute {
		return false
	}
	if t.last == nil {
		t.last = map[string]time.Time{}
	}
	t.last[kind] = now
	return true
}

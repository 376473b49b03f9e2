package quarantine

import (
	"sync"
	"time"
)

// budget counts what a process keeps in a minute of the clock. A minute's count
// can come twice in a row around its end; what is bounded is the day.
type budget struct {
	mu       sync.Mutex
	minute   int64
	total    int
	provider map[string]int
}

// take counts one refusal of a provider, unless that would be more than either
// limit.
func (b *budget) take(provider string, now time.Time, perProvider, perMinute int) bool {
	minute := now.Unix() / 60
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.provider == nil || b.minute != minute {
		b.minute, b.total, b.provider = minute, 0, map[string]int{}
	}
	if b.total >= perMinute || b.provider[provider] >= perProvider {
		return false
	}
	b.total++
	b.provider[provider]++
	return true
}

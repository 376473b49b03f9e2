package pluginserver

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

const (
	// hugeBody is a body that is most of what lives in the process.
	hugeBody = 8 << 20
	// hugePercent is Go's GC percentage while there is one, usualPercent else.
	hugePercent, usualPercent = 10, 100
)

// collector makes Go's garbage collector run earlier while a huge body is in memory. By
// default the heap may grow to twice its live size: with a body of 25 MiB and its event
// that is 50 MiB of garbage, which no budget counts. Forcing a collection for each such
// body would bound memory as well, but would let any sender buy collections.
type collector struct {
	off  bool // GOGC sets another percentage
	mu   sync.Mutex
	huge int // bodies in memory
}

func newCollector() collector {
	percent := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(percent)
	return collector{off: percent[0].Value.Kind() != metrics.KindUint64 || percent[0].Value.Uint64() != usualPercent}
}

func (c *collector) enter(b *buffer) {
	if c.off || len(b.bytes) < hugeBody {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.huge++; c.huge == 1 {
		debug.SetGCPercent(hugePercent)
	}
}

func (c *collector) leave(b *buffer) {
	if c.off || len(b.bytes) < hugeBody {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.huge--; c.huge == 0 {
		debug.SetGCPercent(usualPercent)
	}
}

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

// collector lets Go's collector run earlier while a huge body is in memory. By itself
// it lets the heap grow to twice of what lives: with 25 MiB and the event made of them
// that is 50 MiB of garbage, which no budget counts. A collection for each such body
// would hold the memory as well, but could be bought by anybody; this costs a stranger
// who has nothing allocated nothing.
type collector struct {
	off  bool // the process was told otherwise, by GOGC
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

// Package cores says how many cores run Go code at once.
//
// A delivery costs nginx about as much as this process, on the same machine. With a thread
// for each core the scheduler spends more on waking threads than it gains: with half of
// them a delivery costs a fifth less (`make bench-report`). While something large is
// built, which would keep deliveries from the cores that are left, all are used.
package cores

import (
	"os"
	"runtime"
	"sync"
)

// Cores sets GOMAXPROCS. The zero value, and nil, change nothing.
type Cores struct {
	usual, all int

	mu   sync.Mutex
	busy int // how many have borrowed
}

// Share leaves half of the cores that the process may use, at least one, to others. Where
// the environment variable GOMAXPROCS is set it changes nothing.
func Share() *Cores {
	if os.Getenv("GOMAXPROCS") != "" {
		return nil
	}
	all := runtime.GOMAXPROCS(0) // of the machine, its affinity mask and cgroup
	c := &Cores{usual: max(all/2, 1), all: all}
	runtime.GOMAXPROCS(c.usual)
	return c
}

// Borrow uses all cores until back is called.
func (c *Cores) Borrow() (back func()) {
	if c == nil || c.usual == c.all {
		return func() {}
	}
	c.change(1)
	return sync.OnceFunc(func() { c.change(-1) })
}

func (c *Cores) change(by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.busy > 0
	c.busy += by
	switch after := c.busy > 0; {
	case after && !before:
		runtime.GOMAXPROCS(c.all)
	case before && !after:
		runtime.GOMAXPROCS(c.usual)
	}
}

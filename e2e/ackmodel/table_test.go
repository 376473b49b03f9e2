package ackmodel

import (
	"math/bits"
	"sync/atomic"
)

// table is a set of states in one array, for many goroutines. It grows between
// batches alone. A slot has the state and 1, 0 is free: no state is all ones.
type table struct {
	slots []uint64
	shift uint
}

func newTable(size int) *table {
	return &table{make([]uint64, size), uint(64 - bits.TrailingZeros(uint(size)))}
}

// slot is where the search for a key begins (Fibonacci hashing).
func (t *table) slot(key uint64) int {
	key ^= key >> 32
	return int(key * 0x9E3779B97F4A7C15 >> t.shift)
}

// touch reads the slots of what will be added, all at once: a processor waits for
// memory no longer for many than for one.
func (t *table) touch(steps []Step) (sum uint64) {
	for i := range steps {
		sum += atomic.LoadUint64(&t.slots[t.slot(uint64(steps[i].To)+1)])
	}
	return sum
}

// add reports whether s was not there.
func (t *table) add(s State) bool {
	key := uint64(s) + 1
	for i := t.slot(key); ; i = (i + 1) & (len(t.slots) - 1) {
		there := atomic.LoadUint64(&t.slots[i])
		if there == 0 {
			if atomic.CompareAndSwapUint64(&t.slots[i], 0, key) {
				return true
			}
			there = atomic.LoadUint64(&t.slots[i])
		}
		if there == key {
			return false
		}
	}
}

// find is the slot of a state, -1 where it is not there.
func (t *table) find(s State) int {
	key := uint64(s) + 1
	for i := t.slot(key); ; i = (i + 1) & (len(t.slots) - 1) {
		switch t.slots[i] {
		case key:
			return i
		case 0:
			return -1
		}
	}
}

// fit makes room for another batch behind n states.
func (t *table) fit(n int) {
	const mostNew = 16 // new states that one brings along, on average, at the most
	if n+batch*mostNew < len(t.slots)*3/4 {
		return
	}
	size := len(t.slots)
	for n+batch*mostNew >= size/2 {
		size *= 2
	}
	bigger := newTable(size)
	for _, key := range t.slots {
		if key == 0 {
			continue
		}
		i := bigger.slot(key)
		for bigger.slots[i] != 0 {
			i = (i + 1) & (size - 1)
		}
		bigger.slots[i] = key
	}
	*t = *bigger
}

// marks is a bit for each state of a table that does not grow any more.
type marks struct {
	known *table
	words []uint32
}

func newMarks(known *table) *marks { return &marks{known, make([]uint32, len(known.slots)/32+1)} }

func (m *marks) has(s State) bool {
	i := m.known.find(s)
	return i >= 0 && atomic.LoadUint32(&m.words[i/32])>>(i%32)&1 == 1
}

func (m *marks) set(s State) {
	i := m.known.find(s)
	atomic.OrUint32(&m.words[i/32], 1<<(i%32))
}

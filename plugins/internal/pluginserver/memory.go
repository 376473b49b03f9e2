package pluginserver

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"sync"
	"weak"

	"golang.org/x/sync/semaphore"

	"webhookedge/plugins/internal/pipeline"
)

const (
	// smallBody is the largest body that does not count towards the memory for
	// bodies: deliveries under way are bounded in number, and so are these.
	smallBody = 64 << 10
	// DefaultBodyMemory bounds the bytes that the process holds for the larger
	// bodies under way and for the copies that are made of them.
	DefaultBodyMemory = 64 << 20
)

// errMemoryInUse means that other deliveries have the memory.
var errMemoryInUse = errors.New("other deliveries hold it")

// memory is the process's budget for large bodies.
type memory struct {
	total int64
	free  *semaphore.Weighted
	gc    collector
	small sync.Pool

	mu sync.Mutex
	// idle holds buffers for reuse, by size. Its pointers are weak: a flood of bodies
	// allocates nothing, and yet the garbage collector frees idle buffers whenever it
	// runs.
	idle map[int][]weak.Pointer[buffer]
}

// buffer is the memory of one body.
type buffer struct{ bytes []byte }

func newMemory(total int64) *memory {
	return &memory{total: total, free: semaphore.NewWeighted(total), gc: newCollector(), idle: map[int][]weak.Pointer[buffer]{}}
}

// roundUp returns the size of the buffer for a body: in steps of an eighth to a
// quarter of it, so that bodies of nearly one size share buffers.
func roundUp(size int) int {
	step := 1 << max(bits.Len(uint(size-1))-3, 0)
	return (size + step - 1) / step * step
}

func (m *memory) get(size int) *buffer {
	if size <= smallBody {
		if b, ok := m.small.Get().(*buffer); ok {
			return b
		}
		return &buffer{make([]byte, smallBody)}
	}
	size = roundUp(size)
	m.mu.Lock()
	defer m.mu.Unlock()
	for list := m.idle[size]; len(list) > 0; list = m.idle[size] {
		last := list[len(list)-1]
		m.idle[size] = list[:len(list)-1]
		if b := last.Value(); b != nil {
			return b
		}
	}
	return &buffer{make([]byte, size)}
}

func (m *memory) put(b *buffer) {
	size := len(b.bytes)
	if size == smallBody {
		m.small.Put(b)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.idle[size] = append(m.idle[size], weak.Make(b))
}

// share is what one delivery has of the memory.
type share struct {
	of     *memory
	held   int64
	spare  int64     // of held, for copies
	buffer *buffer   // of the body
	copies []*buffer // of what is made of it
}

// take returns memory for a body of size bytes, of which copies are made before its
// sender is proved. A large one waits, until ctx is done, for other deliveries to end.
// A body with its copies of that time must fit into the budget. The event made of a
// proved body may go beyond it: then the delivery gets the whole budget.
//
// All that a delivery is known to need is taken at once: two that hold some and wait
// for more would wait for each other.
func (s *share) take(ctx context.Context, size, copies int) ([]byte, error) {
	if size > smallBody {
		unproved := int64(roundUp(size)) + int64(size)*int64(copies)
		if unproved > s.of.total {
			return nil, s.noRoom(unproved)
		}
		weight := min(max(unproved, int64(roundUp(size)+size)), s.of.total)
		if err := s.of.free.Acquire(ctx, weight); err != nil {
			return nil, noMemory(size, err)
		}
		s.held += weight
		s.spare = weight - int64(roundUp(size))
	}
	s.buffer = s.get(size)
	return s.buffer.bytes[:size], nil
}

// copy returns memory for something made of the body, first from what take reserved for
// copies.
func (s *share) copy(size int) ([]byte, error) {
	if size <= smallBody {
		return make([]byte, size), nil
	}
	more := int64(size) - s.spare
	if more > 0 && s.held < s.of.total {
		if err := s.reserve(more); err != nil {
			return nil, err
		}
	}
	s.spare = max(-more, 0)
	b := s.get(size)
	s.copies = append(s.copies, b)
	return b.bytes[:size], nil
}

func (s *share) get(size int) *buffer {
	b := s.of.get(size)
	s.of.gc.enter(b)
	return b
}

func (s *share) put(b *buffer) {
	s.of.gc.leave(b)
	s.of.put(b)
}

// reserve counts weight bytes more.
func (s *share) reserve(weight int64) error {
	if s.held+weight > s.of.total {
		return s.noRoom(s.held + weight)
	}
	if !s.of.free.TryAcquire(weight) {
		return noMemory(int(weight), errMemoryInUse)
	}
	s.held += weight
	return nil
}

// release gives everything back.
func (s *share) release() {
	if s.buffer != nil {
		s.put(s.buffer)
	}
	for _, b := range s.copies {
		s.put(b)
	}
	s.buffer, s.copies, s.spare = nil, nil, 0
	if s.held > 0 {
		s.of.free.Release(s.held)
		s.held = 0
	}
}

// noRoom refuses a delivery that exceeds the whole budget.
func (s *share) noRoom(size int64) error {
	return &pipeline.Reject{Code: pipeline.BodyTooLarge, Err: fmt.Errorf("the delivery takes %d bytes of memory, and there are %d for all bodies", size, s.of.total)}
}

func noMemory(size int, err error) error {
	return &pipeline.Reject{Code: pipeline.Overloaded, Err: fmt.Errorf("no memory for %d bytes of a delivery: %w", size, err)}
}

package feed

// newest keeps a value for each of the newest deliveries, as many as a number of bytes
// allows.
type newest[T any] struct {
	max    int
	size   int
	values map[uint64]sized[T]
	order  []uint64 // of arrival
}

type sized[T any] struct {
	value T
	size  int
}

// put keeps the value of a delivery, and forgets the oldest ones for it. One that is
// larger than all there is room for is not kept.
func (k *newest[T]) put(n uint64, value T, size int) {
	if k.values == nil {
		k.values = map[uint64]sized[T]{}
	}
	before, again := k.values[n]
	if size > k.max {
		return
	}
	k.size += size - before.size
	k.values[n] = sized[T]{value, size}
	if !again {
		k.order = append(k.order, n)
	}
	for k.size > k.max && len(k.order) > 1 {
		k.size -= k.values[k.order[0]].size
		delete(k.values, k.order[0])
		k.order = k.order[1:]
	}
}

func (k *newest[T]) get(n uint64) (value T, ok bool) {
	v, ok := k.values[n]
	return v.value, ok
}

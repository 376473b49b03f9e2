package jsonscan

import (
	"bytes"
	"hash/maphash"
	"math/bits"

	"github.com/go-json-experiment/json/jsontext"
)

// span is a part of a body.
type span struct{ start, end uint32 }

// name is that of a member.
type name struct {
	span    // with its quotes
	hash    uint32
	escaped bool
}

const (
	// fewNames is up to how many names are compared one by one, which costs less
	// than a table of so few.
	fewNames = 10
	// keptNames bounds the scratch of a pooled namespace.
	keptNames = 1 << 10
)

// namespace finds names that are twice in an object. It copies no name without
// escapes: its memory is 16 bytes for each name of the objects that are open, and 8 to
// 16 for each name of the largest object.
type namespace struct {
	names []name // of the objects that are open, those of the innermost last
	total int    // of names so far
	table []uint32
	// seed keeps a sender from choosing names of one hash.
	seed       maphash.Seed
	scratch    [2][]byte // texts of escaped names
	duplicates duplicates
	cuts       []span // of cutDuplicates
}

// duplicates says what becomes of a member that has a later one of its name.
type duplicates uint8

const (
	refuseDuplicates duplicates = iota
	cutDuplicates
	allowDuplicates // names are counted, and none is kept
)

// reset forgets all names, and scratch that is large.
func (n *namespace) reset() {
	if cap(n.names) > keptNames {
		n.names = nil
	}
	if cap(n.table) > 4*keptNames {
		n.table = nil
	}
	for i := range n.scratch {
		if cap(n.scratch[i]) > keptNames {
			n.scratch[i] = nil
		}
	}
	n.names, n.total = n.names[:0], 0
}

// add takes a name of the object whose first name is names[first], and returns how
// many that object has and how many there are in all.
func (n *namespace) add(at span, escaped bool, first int) (members, total int) {
	n.total++
	if n.duplicates == allowDuplicates {
		return 0, n.total
	}
	n.names = append(n.names, name{span: at, escaped: escaped})
	return len(n.names) - first, n.total
}

// end forgets the names of the object whose first is names[first]. Where two are one
// name it is false, with the place of the later one.
func (n *namespace) end(body []byte, first int) (at int, ok bool) {
	names := n.names[first:]
	n.names = n.names[:first]
	if len(names) > fewNames {
		return n.hashed(body, names)
	}
	for i := 1; i < len(names); i++ {
		for j := range i {
			if n.same(body, &names[i], &names[j]) && !n.duplicate(names, j) {
				return int(names[i].start), false
			}
		}
	}
	return 0, true
}

// hashed is end for many names.
func (n *namespace) hashed(body []byte, names []name) (at int, ok bool) {
	size := 1 << bits.Len(uint(2*len(names)-1))
	if cap(n.table) < size {
		n.table = make([]uint32, size)
	}
	table := n.table[:size] // of 1 + index of a name, at its hash or behind it
	clear(table)
	mask := uint32(size - 1)
next:
	for i := range names {
		one := &names[i]
		one.hash = uint32(maphash.Bytes(n.seed, n.text(body, one, 0)))
		slot := one.hash & mask
		for ; table[slot] != 0; slot = (slot + 1) & mask {
			other := int(table[slot] - 1)
			if names[other].hash != one.hash || !n.same(body, one, &names[other]) {
				continue
			}
			if !n.duplicate(names, other) {
				return int(one.start), false
			}
			table[slot] = uint32(i + 1)
			continue next
		}
		table[slot] = uint32(i + 1)
	}
	return 0, true
}

// duplicate takes note of a name that comes again, and reports whether that is allowed. Its
// member goes up to the name of the next, which there is.
func (n *namespace) duplicate(names []name, i int) bool {
	if n.duplicates != cutDuplicates {
		return false
	}
	n.cuts = append(n.cuts, span{names[i].start, names[i+1].start})
	return true
}

func (n *namespace) same(body []byte, a, b *name) bool {
	if !a.escaped && !b.escaped {
		return bytes.Equal(body[a.start:a.end], body[b.start:b.end])
	}
	return bytes.Equal(n.text(body, a, 0), n.text(body, b, 1))
}

// text returns what a name spells, in one of two scratches where it has escapes.
func (n *namespace) text(body []byte, one *name, scratch int) []byte {
	raw := body[one.start:one.end]
	if !one.escaped {
		return raw[1 : len(raw)-1]
	}
	n.scratch[scratch] = unquoted(n.scratch[scratch][:0], raw)
	return n.scratch[scratch]
}

// unquoted appends the text that raw, a valid string, spells, with the replacement
// character for half a surrogate pair.
func unquoted(dst, raw []byte) []byte {
	dst, _ = jsontext.AppendUnquote(dst, raw) // its error says that there was half a pair
	return dst
}

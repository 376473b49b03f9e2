package jsonscan

import (
	"cmp"
	"hash/maphash"
	"slices"
)

// Last returns document with only the last of the members that have one name in an
// object, for senders whose own readers take the last. Names are equal as Scan says:
// without their escapes. All that stays is as it was, byte for byte; without such
// members that is document itself. The error is that of Scan for anything but such
// members, and Scan takes the result.
func (l Limits) Last(document []byte) ([]byte, error) {
	s := scanner{names: namespace{seed: maphash.MakeSeed(), duplicates: cutDuplicates}}
	if err := s.document(document, &node{}, l); err != nil {
		return nil, err
	}
	cuts := s.names.cuts
	if len(cuts) == 0 {
		return document, nil
	}
	slices.SortFunc(cuts, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	out := make([]byte, 0, len(document))
	at := uint32(0)
	for _, cut := range cuts {
		if cut.start < at { // it is inside of a member that was cut, or that one again
			continue
		}
		out = append(out, document[at:cut.start]...)
		at = cut.end
	}
	return append(out, document[at:]...), nil
}

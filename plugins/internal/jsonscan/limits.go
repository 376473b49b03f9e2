package jsonscan

import (
	"cmp"
	"errors"
	"fmt"
)

// The limits of a body whose sender is proved. The largest body that a route takes
// bounds its bytes.
const (
	// MaxBytes is the largest body that is looked at, so that a place in it has 32 bits.
	MaxBytes = 1 << 30
	// MaxNames is room for the longest list that becomes events, 10,000 items, of 50
	// names each. The largest payload that a provider publishes has 1,476.
	MaxNames = 500_000
	// MaxObjectNames is room for a map of everything by id. The largest object of the
	// payloads that providers publish has 145 members.
	MaxObjectNames = 50_000
	// MaxDepth is how many arrays and objects may stand in one another. No limit is
	// larger, since what reads a body after Scan counts on it.
	MaxDepth = 64
)

// The limits of a body that is read before its sender is proved. They are those of one
// event, and more than ten times what providers publish.
const (
	UnprovedBytes       = 2 << 20
	UnprovedNames       = 20_000
	UnprovedObjectNames = 2_000
	UnprovedDepth       = 32 // of 10
)

// What a body has too much of. ErrDepth is an ErrLimit, too.
var (
	ErrLimit = errors.New("JSON exceeds a limit")
	ErrDepth = fmt.Errorf("%w: it is nested too deeply", ErrLimit)
)

// Limits bound what reading a body may cost. A limit of 0 is that of a proved body.
type Limits struct {
	Bytes       int // of the body
	Names       int // of members, in all objects together
	ObjectNames int // of members, in one object
	Depth       int // arrays and objects in one another, at most MaxDepth
}

// Unproved returns the limits of a body that is read before its sender is proved.
func Unproved() Limits {
	return Limits{Bytes: UnprovedBytes, Names: UnprovedNames, ObjectNames: UnprovedObjectNames, Depth: UnprovedDepth}
}

// complete returns l with a number for each limit.
func (l Limits) complete() Limits {
	return Limits{
		Bytes:       min(cmp.Or(l.Bytes, MaxBytes), MaxBytes),
		Names:       cmp.Or(l.Names, MaxNames),
		ObjectNames: cmp.Or(l.ObjectNames, MaxObjectNames),
		Depth:       min(cmp.Or(l.Depth, MaxDepth), MaxDepth),
	}
}

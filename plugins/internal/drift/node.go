package drift

import (
	"maps"
	"slices"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func (n *Node) size() int {
	if n == nil {
		return 0
	}
	size := 1 + n.Each.size() + n.Any.size()
	for _, inner := range n.Members {
		size += inner.size()
	}
	return size
}

// share is in how many of the deliveries that could have it n was.
func (n *Node) share() float64 {
	if n.Of == 0 {
		return 1
	}
	return min(1, float64(n.Seen)/float64(n.Of))
}

// crowds reports whether most members come and go.
func (n *Node) crowds() bool {
	if len(n.Members) <= crowd {
		return false
	}
	few := 0
	for _, inner := range n.Members {
		if inner.Of >= LearnQuiet && inner.share() < rare {
			few++
		}
	}
	return 4*few > 3*len(n.Members)
}

// crowd makes one field of all members of n: their names are data.
func (n *Node) crowd() {
	if n.Any == nil && len(n.Members) > 0 {
		n.Any = &Node{}
	}
	for _, inner := range n.Members {
		n.Any.add(inner)
	}
	n.Crowded, n.Members = true, nil
}

// add takes over what is known of other. Nothing of it is told later: the types of n are
// learnt anew.
func (n *Node) add(other *Node) {
	if other == nil {
		return
	}
	n.Seen, n.Objects, n.Types = max(n.Seen, other.Seen), max(n.Objects, other.Objects), n.Types|other.Types
	n.Typed, n.Quiet, n.TypesKnown, n.MembersKnown = 0, 0, false, false
	n.Crowded = n.Crowded || other.Crowded
	for _, part := range []struct{ into, from **Node }{{&n.Each, &other.Each}, {&n.Any, &other.Any}} {
		if *part.from != nil && *part.into == nil {
			*part.into = &Node{}
		}
		if *part.into != nil {
			(*part.into).add(*part.from)
		}
	}
	for name, from := range other.Members {
		if n.Members == nil {
			n.Members = map[string]*Node{}
		}
		if n.Members[name] == nil {
			n.Members[name] = &Node{}
		}
		n.Members[name].add(from)
	}
	if n.Crowded && n.Members != nil {
		n.crowd()
	}
}

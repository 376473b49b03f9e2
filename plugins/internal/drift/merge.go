package drift

import (
	"math"
	"slices"
	"time"
)

// merger is one merge.
type merger struct {
	m     *Model
	t     *Tally
	now   time.Time
	nodes int
	path  []string
	found []Change
}

// Merge adds what t has seen, and returns the changes that are new, which are in m.Open as
// far as there is room. t is as it was but for objects whose names turned out to be data;
// [Tally.Merged] follows once m is stored.
func (m *Model) Merge(t *Tally, now time.Time) []Change {
	g := merger{m: m, t: t, now: now.UTC().Truncate(time.Millisecond), nodes: m.Root.size()}
	g.node(m.Root, &t.root)
	m.Deliveries += t.Deliveries
	m.Updated = g.now
	for _, c := range g.found {
		m.open(c)
	}
	return g.found
}

func (g *merger) change(kind Kind, before, after Types) {
	g.found = append(g.found, Change{Path: format(g.path), Kind: kind, Before: before, After: after, Since: g.now})
}

// node adds s to n, which are of the same place.
func (g *merger) node(n *Node, s *sighting) {
	if s == nil || s.seen == 0 {
		return
	}
	n.Seen += s.seen
	g.types(n, s)
	if s.objects > 0 {
		g.members(n, s)
	}
	if s.each != nil && (n.Each != nil || g.room()) {
		if n.Each == nil {
			n.Each = &Node{}
		}
		g.inside(stepEach, n.Each, s.each)
	}
	if s.any != nil && (n.Any != nil || g.room()) {
		if n.Any == nil {
			n.Any = &Node{}
		}
		g.inside(stepAny, n.Any, s.any)
	}
}

func (g *merger) inside(step string, n *Node, s *sighting) {
	g.path = append(g.path, step)
	g.node(n, s)
	g.path = g.path[:len(g.path)-1]
}

func (g *merger) room() bool {
	if g.nodes >= maxNodes {
		g.m.Full = true
		return false
	}
	g.nodes++
	return true
}

// types adds the types of s. What was only null is of no type that another could change.
func (g *merger) types(n *Node, s *sighting) {
	before, now, rare := n.Types, Types(0), Types(0)
	for i := range kinds {
		bit := Types(1 << i)
		if s.types[i] == 0 || n.TypesKnown && before&bit == 0 && s.knownAs[i] < Confirm {
			continue
		}
		if now |= bit; s.without[i] >= staleAfter {
			rare |= bit
		}
	}
	n.Types |= now
	fresh := n.Types &^ before
	if before&Number != 0 {
		fresh &^= Integer // which is a number
	}
	switch {
	case fresh == 0, n.TypesKnown && fresh&^rare == 0:
		n.Typed += s.seen
	case n.TypesKnown && before&^Null != 0:
		g.change(Retyped, before, now)
	default:
		n.Typed, n.TypesKnown = 0, false
	}
	n.TypesKnown = n.TypesKnown || n.Seen >= LearnObjects && n.Typed >= LearnQuiet
}

func (g *merger) members(n *Node, s *sighting) {
	n.Objects += s.objects
	if s.crowded || g.stale(s) {
		n.crowd()
	}
	if n.Crowded && !s.crowded {
		g.t.crowd(s)
	}
	fresh := g.newMembers(n, s)
	for _, name := range sorted(n.Members) {
		inner := n.Members[name]
		g.path = append(g.path, name)
		if !slices.Contains(fresh, name) {
			g.presence(n, inner, s.members[name], s.objects)
		}
		g.node(inner, s.members[name])
		g.path = g.path[:len(g.path)-1]
	}
	if len(fresh) > 0 && !n.MembersKnown {
		n.Quiet = 0
	} else {
		n.Quiet += s.objects
	}
	n.MembersKnown = n.MembersKnown || n.Objects >= LearnObjects && n.Quiet >= LearnQuiet
	if n.crowds() {
		n.crowd()
	}
}

// stale reports whether s has had too many names that never came again.
func (g *merger) stale(s *sighting) bool {
	stale := 0
	for _, inner := range s.members {
		if inner.known < Confirm && inner.absent >= staleAfter {
			stale++
		}
	}
	return stale > maxStale
}

// newMembers adds the members of s that n has not, in the order of their names so that
// every gateway finds the same, and returns their names.
func (g *merger) newMembers(n *Node, s *sighting) (fresh []string) {
	for _, name := range sorted(s.members) {
		inner := s.members[name]
		if n.Members[name] != nil || inner.known < Confirm || inner.seen == 0 {
			continue
		}
		if len(n.Members) >= maxMembers {
			n.crowd()
			return nil
		}
		if !g.room() {
			return fresh
		}
		tell := n.MembersKnown && len(n.Members) > 0 && inner.absent < staleAfter
		if n.MembersKnown && len(n.Members) == 0 { // it never had any
			n.MembersKnown, n.Objects = false, s.objects
		}
		if n.Members == nil {
			n.Members = map[string]*Node{}
		}
		n.Members[name] = &Node{Of: s.objects - min(inner.head, s.objects), Longest: inner.between, Missed: inner.tail}
		fresh = append(fresh, name)
		if tell {
			g.path = append(g.path, name)
			g.change(Appeared, 0, inner.kinds())
			g.path = g.path[:len(g.path)-1]
		}
	}
	return fresh
}

func (s *sighting) kinds() (t Types) {
	for i := range kinds {
		if s.types[i] > 0 {
			t |= 1 << i
		}
	}
	return t
}

// presence counts in how many of the deliveries that had the enclosing object n inner was.
func (g *merger) presence(n, inner *Node, s *sighting, objects uint64) {
	inner.Of += objects
	if s == nil || s.seen == 0 {
		inner.Missed += objects
	} else {
		if inner.Gone {
			inner.Gone = false
			g.m.close(format(g.path), Vanished)
		}
		inner.Longest = max(inner.Longest, inner.Missed+s.head, s.between)
		inner.Missed = s.tail
	}
	seen := inner.Seen // before this merge, and after it where s has any
	if s != nil {
		seen += s.seen
	}
	if n.MembersKnown && inner.TypesKnown && !inner.Gone && hasVanished(seen, inner) {
		inner.Gone = true
		g.change(Vanished, inner.Types, 0)
	}
}

// hasVanished reports whether a field that was there in seen deliveries has stayed away
// for too long. The likelihood of one more delivery with it is that of Laplace's rule of
// succession.
func hasVanished(seen uint64, n *Node) bool {
	before := float64(n.Of - min(n.Of, n.Missed))
	if n.Missed < max(minMissed, burst*n.Longest) || before == 0 || float64(seen)/before < usual {
		return false
	}
	absent := 1 - (float64(seen)+1)/(before+2)
	return math.Pow(absent, float64(n.Missed)) <= chance
}

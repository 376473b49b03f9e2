package drift

import (
	"webhookedge/plugins/internal/jsonscan"
)

// Bounds of what is learnt of one event.
const (
	// Confirm is in how many deliveries one gateway must see a name, or another type of a
	// field, before it counts: what comes once may be anything.
	Confirm = 3

	// MaxBytes is the largest model, encoded.
	MaxBytes = 512 << 10

	maxDepth       = 24   // levels; what is deeper is not looked at
	maxNodes       = 2000 // fields of a model
	maxTallied     = 4000 // fields of a tally, those that are not confirmed among them
	maxUnconfirmed = 500  // fields that a tally keeps from merge to merge
	maxMembers     = 256  // names of an object; with more they are data
	maxStale       = 32   // names of an object that were seen once or twice and not again; with more they are data
	staleAfter     = 20   // deliveries without it make a name stale
)

// Tally is what one gateway has seen of the payloads of an event since the last merge.
// It is not safe for concurrent use.
type Tally struct {
	// Deliveries is how many payloads were observed since the last merge.
	Deliveries uint64

	root  sighting
	stamp uint64 // number of the payload that is observed
	nodes int
	names []string // scratch
}

// sighting is what was seen of one field.
type sighting struct {
	stamp    uint64 // of the last payload that had it
	asObject uint64 // stamp of the last payload in which it was an object
	now      Types  // in that payload

	seen    uint64 // payloads that had it
	objects uint64 // payloads in which it was an object
	types   [kinds]uint64
	// Of the payloads whose enclosing object lacked it: those before the first that had it,
	// the longest run between two of them, and those after the last.
	head, between, tail uint64

	known     uint8 // payloads that had it, over merges, at most Confirm
	knownAs   [kinds]uint8
	without   [kinds]uint8 // payloads that had it, and not of the type, since the type was seen first, at most staleAfter
	absent    uint8        // payloads that lacked it, over merges, at most staleAfter
	crowded   bool         // its names are data
	members   map[string]*sighting
	each, any *sighting
}

// Observe adds a payload, strict JSON as jsonscan.Scan takes it.
func (t *Tally) Observe(data []byte) {
	t.stamp++
	t.Deliveries++
	c := jsonscan.NewCursor(data)
	t.walk(&c, &t.root, nil, 0)
	t.root.settle(t.stamp)
}

// touch notes that a payload has s, whose enclosing object is parent.
func (s *sighting) touch(stamp uint64, parent *sighting) {
	if s.stamp == stamp {
		return
	}
	if s.seen == 0 && parent != nil && s.stamp == 0 {
		s.head = parent.objects - 1 // this payload is counted already
	}
	if s.seen > 0 {
		s.between = max(s.between, s.tail)
	}
	s.stamp, s.tail, s.now = stamp, 0, 0
	s.seen++
	s.known = min(s.known+1, Confirm)
}

func (s *sighting) is(kind int) {
	if s.now&(1<<kind) != 0 {
		return
	}
	s.now |= 1 << kind
	s.types[kind]++
	s.knownAs[kind] = min(s.knownAs[kind]+1, Confirm)
}

func (t *Tally) walk(c *jsonscan.Cursor, s, parent *sighting, depth int) {
	s.touch(t.stamp, parent)
	kind := c.Kind()
	if kind != '{' && kind != '[' || depth == maxDepth {
		s.is(typeOf(kind, c.Raw()))
		return
	}
	s.is(typeOf(kind, nil))
	if kind == '{' {
		t.object(c, s, depth)
		return
	}
	c.Enter()
	for c.More() {
		if s.each == nil && !t.room() {
			c.Raw()
			continue
		}
		if s.each == nil {
			s.each = &sighting{}
		}
		t.walk(c, s.each, nil, depth+1)
	}
}

func (t *Tally) object(c *jsonscan.Cursor, s *sighting, depth int) {
	if s.asObject != t.stamp {
		s.asObject = t.stamp
		s.objects++
	}
	all := s.crowded || t.lists(*c)
	c.Enter()
	for c.More() {
		name := jsonscan.Text(c.Raw())
		if inner := t.member(s, name, all); inner != nil {
			t.walk(c, inner, s, depth+1)
			continue
		}
		c.Raw()
	}
}

// lists reports whether the object that is next has names that are data only together.
func (t *Tally) lists(c jsonscan.Cursor) bool {
	c.Enter()
	t.names = t.names[:0]
	for c.More() {
		name := c.Raw()
		if len(name) != len(`"en"`) && len(name) != len(`"USD"`) || len(t.names) > maxMembers {
			return false
		}
		t.names = append(t.names, string(jsonscan.Text(name)))
		c.Raw()
	}
	return areShort(t.names)
}

// room takes one more field into account, and is false where there is none left.
func (t *Tally) room() bool {
	if t.nodes >= maxTallied {
		return false
	}
	t.nodes++
	return true
}

// member returns the field of a name in s, nil where there is no room for it. all says
// that the names of this object are data.
func (t *Tally) member(s *sighting, name []byte, all bool) *sighting {
	inner := s.members[string(name)]
	switch {
	case inner != nil && !all:
		return inner
	case !all && !s.crowded && !isData(string(name)):
		if len(s.members) < maxMembers {
			return t.add(s, string(name))
		}
		t.crowd(s)
	}
	if s.any == nil && t.room() {
		s.any = &sighting{}
	}
	return s.any
}

func (t *Tally) add(s *sighting, name string) *sighting {
	if !t.room() {
		return nil
	}
	if s.members == nil {
		s.members = map[string]*sighting{}
	}
	s.members[name] = &sighting{}
	return s.members[name]
}

// settle counts, below s, which fields of the objects of a payload were not there.
func (s *sighting) settle(stamp uint64) {
	if s == nil || s.stamp != stamp {
		return
	}
	for i := range kinds {
		if s.knownAs[i] > 0 && s.now&(1<<i) == 0 {
			s.without[i] = min(s.without[i]+1, staleAfter)
		}
	}
	if s.asObject == stamp {
		for _, inner := range s.members {
			if inner.stamp == stamp {
				inner.settle(stamp)
				continue
			}
			inner.absent = min(inner.absent+1, staleAfter)
			if inner.seen > 0 {
				inner.tail++
			} else {
				inner.head++
			}
		}
		s.any.settle(stamp)
	}
	s.each.settle(stamp)
}

// crowd makes one field of all members of s: their names are data.
func (t *Tally) crowd(s *sighting) {
	if s.any == nil {
		s.any = &sighting{}
	}
	for _, inner := range s.members {
		s.any.add(inner)
	}
	s.crowded, s.members = true, nil
	t.nodes = t.root.size()
}

func (s *sighting) size() int {
	if s == nil {
		return 0
	}
	n := 1 + s.each.size() + s.any.size()
	for _, inner := range s.members {
		n += inner.size()
	}
	return n
}

// add takes over what was seen of other. Counts are those of the one that was seen more,
// since a payload may have had both.
func (s *sighting) add(other *sighting) {
	if other == nil {
		return
	}
	s.stamp, s.asObject = max(s.stamp, other.stamp), max(s.asObject, other.asObject)
	s.seen, s.objects, s.known = max(s.seen, other.seen), max(s.objects, other.objects), max(s.known, other.known)
	s.now |= other.now
	for i := range kinds {
		s.types[i] = max(s.types[i], other.types[i])
		s.knownAs[i] = max(s.knownAs[i], other.knownAs[i])
	}
	s.crowded = s.crowded || other.crowded
	for _, inner := range []struct{ into, from **sighting }{{&s.each, &other.each}, {&s.any, &other.any}} {
		if *inner.from != nil && *inner.into == nil {
			*inner.into = &sighting{}
		}
		if *inner.into != nil {
			(*inner.into).add(*inner.from)
		}
	}
	for name, from := range other.members {
		if s.members == nil {
			s.members = map[string]*sighting{}
		}
		if s.members[name] == nil {
			s.members[name] = &sighting{}
		}
		s.members[name].add(from)
	}
}

package drift

import (
	"time"
)

// When something is known, so that another thing is a change.
const (
	// LearnObjects is in how many deliveries an object must have been before a new member
	// of it is a change, and a field before another type of it is.
	LearnObjects = 100
	// LearnQuiet is how many of the last of these brought nothing new. Afterwards, what turns
	// out to come seldom is learnt in silence, too: it may have been there before.
	LearnQuiet = 50

	// usual is the share of deliveries that have a field whose staying away is a change.
	usual = 0.95
	// chance is how likely it may be at most that a field which stays away does so by chance.
	chance = 1e-6
	// minMissed is how often a field must stay away in a row, whatever chance says.
	minMissed = 5
	// burst is how many times longer than ever before it must stay away.
	burst = 3

	// maxOpen is how many changes of an event wait to be accepted; more are counted.
	maxOpen = 32
	// An object with more names than crowd, of which most are in less than rare of its
	// deliveries, has names that are data.
	crowd = 24
	rare  = 0.5
)

// Model is what is known of the payloads of one event of one provider.
type Model struct {
	Provider   string    `json:"provider"`
	Event      string    `json:"event"` // with its action: pull_request.opened
	Deliveries uint64    `json:"deliveries"`
	Since      time.Time `json:"since"`
	Updated    time.Time `json:"updated"`
	// Open are the changes that nobody has accepted, oldest first.
	Open []Change `json:"open,omitempty"`
	// Unlisted counts changes for which there was no room in Open.
	Unlisted uint64 `json:"unlisted,omitempty"`
	// ToldAt is when the last event about changes was published.
	ToldAt time.Time `json:"told_at,omitzero"`
	// Full says that the payload has more fields than are learnt.
	Full bool  `json:"full,omitempty"`
	Root *Node `json:"root"`
}

// Node is what is known of one field.
type Node struct {
	Seen    uint64 `json:"seen"`              // deliveries that had it
	Of      uint64 `json:"of,omitempty"`      // deliveries that had what it stands in, since it is known
	Missed  uint64 `json:"missed,omitempty"`  // the last of those, which lacked it
	Longest uint64 `json:"longest,omitempty"` // run of those that lacked it, before Missed
	Types   Types  `json:"types"`
	Typed   uint64 `json:"typed,omitempty"`   // deliveries since its last new type
	Objects uint64 `json:"objects,omitempty"` // deliveries in which it was an object
	Quiet   uint64 `json:"quiet,omitempty"`   // those since its last new member
	// TypesKnown and MembersKnown say that another type or member is a change.
	TypesKnown   bool `json:"types_known,omitempty"`
	MembersKnown bool `json:"members_known,omitempty"`
	Gone         bool `json:"gone,omitempty"`    // it has vanished
	Crowded      bool `json:"crowded,omitempty"` // the names of its members are data

	Members map[string]*Node `json:"members,omitempty"`
	Each    *Node            `json:"each,omitempty"` // the elements of an array
	Any     *Node            `json:"any,omitempty"`  // the members whose names are data
}

// NewModel returns a model that knows nothing.
func NewModel(provider, event string, now time.Time) *Model {
	return &Model{Provider: provider, Event: event, Since: now.UTC(), Root: &Node{}}
}

// Learning reports whether the members of the payload itself are not known yet.
func (m *Model) Learning() bool {
	if m.Root.Objects > 0 {
		return !m.Root.MembersKnown
	}
	return !m.Root.TypesKnown
}

// Merged ends a merge whose model is stored: t begins anew, but remembers what is not
// confirmed. m is that model.
func (t *Tally) Merged(m *Model) {
	t.root.reset(m.Root)
	t.Deliveries = 0
	if t.nodes = t.root.size(); t.nodes > maxUnconfirmed {
		t.root, t.nodes = sighting{}, 0
	}
}

// Fields is how many fields t has in memory, of some 250 bytes each.
func (t *Tally) Fields() int { return t.nodes }

// reset keeps of s what n does not know yet, and reports whether there is any.
func (s *sighting) reset(n *Node) bool {
	if n == nil {
		n = &Node{}
	}
	keep := false
	for i := range kinds {
		if n.Types&(1<<i) != 0 {
			s.knownAs[i], s.without[i] = 0, 0
		}
		keep = keep || s.knownAs[i] > 0 && s.knownAs[i] < Confirm
	}
	for name, inner := range s.members {
		known := n.Members[name]
		if unconfirmed := inner.reset(known) || known == nil && inner.known < Confirm; !unconfirmed {
			delete(s.members, name)
		} else {
			keep = true
		}
	}
	for _, part := range []struct {
		s **sighting
		n *Node
	}{{&s.each, n.Each}, {&s.any, n.Any}} {
		if *part.s != nil && (*part.s).reset(part.n) {
			keep = true
		} else {
			*part.s = nil
		}
	}
	s.seen, s.objects, s.head, s.between, s.tail, s.types = 0, 0, 0, 0, 0, [kinds]uint64{}
	s.crowded = false // the model knows
	return keep
}

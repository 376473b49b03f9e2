package drift

import (
	"slices"
	"strings"
	"time"
)

// Kind is a kind of change.
type Kind string

// The kinds.
const (
	Appeared Kind = "appeared"
	Vanished Kind = "vanished"
	Retyped  Kind = "retyped"
)

// Kinds are all kinds, the closed set of a metric's label.
func Kinds() []Kind { return []Kind{Appeared, Vanished, Retyped} }

// Change is one change of a shape.
type Change struct {
	Path   string `json:"path"` // as redactions are written: $.a['b c'].*.list[*].d
	Kind   Kind   `json:"change"`
	Before Types  `json:"before,omitzero"` // types that the field had
	After  Types  `json:"after,omitzero"`  // types that it has had since
	// Since is when it was found out.
	Since time.Time `json:"since"`
	// ReadBy is what reads the field, as far as the gateway that found the change knows.
	ReadBy []Reader `json:"read_by,omitempty"`
	// Told says that an event was published about it.
	Told bool `json:"told,omitempty"`
}

// open takes c among the open changes. One that is told again goes on.
func (m *Model) open(c Change) {
	at := slices.IndexFunc(m.Open, func(o Change) bool { return o.Path == c.Path && o.Kind == c.Kind })
	switch {
	case at >= 0:
		m.Open[at].After |= c.After
		m.Open[at].Told = false
	case len(m.Open) < maxOpen:
		m.Open = append(m.Open, c)
	default:
		m.Unlisted++
	}
}

// close ends an open change: it is undone.
func (m *Model) close(path string, kind Kind) {
	m.Open = slices.DeleteFunc(m.Open, func(o Change) bool { return o.Path == path && o.Kind == kind })
}

// Accept takes the open changes at path and below it for known, all of them where path is
// "" , and returns them. Without a path everything that is not known yet is, too: what is
// learnt of the event is right as it stands.
func (m *Model) Accept(path string) []Change {
	var accepted []Change
	m.Open = slices.DeleteFunc(m.Open, func(c Change) bool {
		taken := path == "" || within(c.Path, path)
		if taken {
			accepted = append(accepted, c)
		}
		return taken
	})
	if path == "" {
		m.Unlisted = 0
	}
	m.Root.accept(nil, path)
	return accepted
}

// within reports whether path is at or below top.
func within(path, top string) bool {
	rest, ok := strings.CutPrefix(path, top)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// accept forgets what has vanished, and takes the rest for known where top is "".
func (n *Node) accept(steps []string, top string) {
	if n == nil {
		return
	}
	if top == "" {
		n.TypesKnown, n.MembersKnown = true, n.Objects > 0
	}
	for name, inner := range n.Members {
		at := append(slices.Clip(steps), name)
		if inner.Gone && (top == "" || within(format(at), top)) {
			delete(n.Members, name)
			continue
		}
		inner.accept(at, top)
	}
	n.Each.accept(append(slices.Clip(steps), stepEach), top)
	n.Any.accept(append(slices.Clip(steps), stepAny), top)
}

// Field is one line of a shape.
type Field struct {
	Path  string  `json:"path"`
	Types Types   `json:"types"`
	Share float64 `json:"share"` // of the deliveries that have what it stands in, 0 to 1
	Seen  uint64  `json:"seen"`
	Known bool    `json:"known"` // another type, or another member, is a change
}

// Fields lists what is known, the payload itself first, members by name.
func (m *Model) Fields() []Field {
	var all []Field
	var walk func(n *Node, steps []string)
	walk = func(n *Node, steps []string) {
		if n == nil {
			return
		}
		all = append(all, Field{Path: format(steps), Types: n.Types, Share: n.share(), Seen: n.Seen, Known: n.TypesKnown && (n.Objects == 0 || n.MembersKnown || n.Crowded)})
		for _, name := range sorted(n.Members) {
			walk(n.Members[name], append(slices.Clip(steps), name))
		}
		walk(n.Any, append(slices.Clip(steps), stepAny))
		walk(n.Each, append(slices.Clip(steps), stepEach))
	}
	walk(m.Root, nil)
	return all
}

// Notice is the data of an event edge.schema.drift.
type Notice struct {
	Provider string   `json:"provider"`
	Event    string   `json:"event"`
	Changes  []Change `json:"changes"`
	// Unlisted is how many more there are that nobody has accepted.
	Unlisted uint64 `json:"unlisted,omitempty"`
}

// Untold returns the open changes that no event was published about.
func (m *Model) Untold() Notice {
	n := Notice{Provider: m.Provider, Event: m.Event, Unlisted: m.Unlisted}
	for _, c := range m.Open {
		if !c.Told {
			n.Changes = append(n.Changes, c)
		}
	}
	return n
}

// Tell takes note that n was published.
func (m *Model) Tell(n Notice, now time.Time) {
	m.ToldAt = now.UTC()
	for i, o := range m.Open {
		if slices.ContainsFunc(n.Changes, func(c Change) bool { return c.Path == o.Path && c.Kind == o.Kind && c.After == o.After }) {
			m.Open[i].Told = true
		}
	}
}

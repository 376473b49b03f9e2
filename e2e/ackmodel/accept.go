package ackmodel

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// Refusal is a trace, or what it has of one event id, that no run of the model shows.
type Refusal struct {
	ID   string
	At   int // the line, from 1
	Line Line
	Why  string
}

// Error names the event and the line.
func (r *Refusal) Error() string {
	return fmt.Sprintf("event %s, line %d (%s): %s", r.ID, r.At, r.Line.Event, r.Why)
}

// Accept looks for a run of the model that shows the trace, for the deliveries of each
// event id by themselves: what the model promises of one does not hang on others. It
// returns a *Refusal for each id that has none, at the first line that no run shows,
// or an error that wraps ErrTrace.
func Accept(lines []Line) ([]*Refusal, error) {
	s, err := settingOf(lines)
	if err != nil {
		return nil, err
	}
	parts, err := split(lines)
	if err != nil {
		return nil, err
	}
	var refusals []*Refusal
	automata := map[shape]*automaton{}
	for _, id := range slices.Sorted(maps.Keys(parts)) {
		p := parts[id]
		a := automata[p.shape]
		if a == nil {
			a = newAutomaton(s, p.shape)
			automata[p.shape] = a
		}
		r, err := p.run(a, lines)
		if err != nil {
			return nil, err
		}
		if r != nil {
			r.ID = id
			refusals = append(refusals, r)
		}
	}
	return refusals, nil
}

// shape is which deliveries an id has.
type shape struct {
	small int
	large bool
}

// part is the deliveries of one id.
type part struct {
	shape
	deliveries map[string]int // by body
	lines      []int          // of the trace
}

// split parts a trace by event id. Lines without one belong to all.
func split(lines []Line) (map[string]*part, error) {
	parts := map[string]*part{}
	for i := range lines {
		line := &lines[i]
		if line.Event != Deliver {
			continue
		}
		p := parts[line.ID]
		if p == nil {
			p = &part{deliveries: map[string]int{}}
			parts[line.ID] = p
		}
		if _, known := p.deliveries[line.Body]; known {
			continue
		}
		switch {
		case line.Large && !p.large:
			p.large, p.deliveries[line.Body] = true, large
		case !line.Large && p.small < large:
			p.deliveries[line.Body] = p.small
			p.small++
		default:
			return nil, fmt.Errorf("%w: line %d: more bodies of the id %s than the model has", ErrTrace, i+1, line.ID)
		}
	}
	for i := range lines {
		if p := parts[lines[i].ID]; p != nil {
			p.lines = append(p.lines, i)
			continue
		}
		if lines[i].ID != "" { // of an event that nobody sent
			parts[lines[i].ID] = &part{lines: []int{i}}
			continue
		}
		for _, p := range parts {
			p.lines = append(p.lines, i)
		}
	}
	return parts, nil
}

// symbol is what a line says to an automaton.
type symbol struct {
	event   string
	d, g    int
	ack     string
	fault   string
	present int // End: the deliveries that are stored, a bit each
	held    int // End: the deliveries that are in quarantine
}

// run reads the part's lines.
func (p *part) run(a *automaton, lines []Line) (*Refusal, error) {
	at := 0
	present, held := 0, 0
	for _, i := range p.lines {
		line := lines[i]
		refuse := func(why string) *Refusal { return &Refusal{At: i + 1, Line: line, Why: why} }
		d, known := p.deliveries[line.Body]
		if line.ID != "" && !known {
			return refuse("nobody sent this body under this id before"), nil
		}
		switch line.Event {
		case Begin:
			continue
		case Stored:
			if present>>d&1 == 1 {
				return refuse("it is in the stream twice"), nil
			}
			present |= 1 << d
			continue
		case Quarantined:
			held |= 1 << d
			continue
		}
		sym := symbol{event: line.Event, d: d, g: line.Gateway, ack: line.Ack, fault: line.Fault}
		if line.Event == End {
			sym.present, sym.held = present, held
		}
		next, err := a.next(at, sym)
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrTrace, i+1, err)
		}
		if len(a.sets[next]) == 0 {
			return refuse(explain(sym)), nil
		}
		at = next
	}
	return nil, nil
}

func explain(s symbol) string {
	switch s.event {
	case Answered:
		return fmt.Sprintf("no gateway can have answered it with %q", s.ack)
	case End:
		return fmt.Sprintf("no run ends with these of its bodies in the stream: %b", s.present)
	default:
		return "no run of the model does this here"
	}
}

// automaton reads the traces of one shape of deliveries. Its states are sets of
// situations in which the model may be, made when they are first come to.
type automaton struct {
	setting
	model Model
	sets  [][]situation
	known map[string]int
	edges map[edge]int
	steps map[State][]Step // of unseen
}

type edge struct {
	from int
	symbol
}

func newAutomaton(s setting, of shape) *automaton {
	deliveries := []Delivery{{ID: 0, After: -1}, {ID: 0, After: -1}, {ID: 0, After: -1}}
	for d := range deliveries {
		deliveries[d].Forged = d < large && d >= of.small || d == large && !of.large // these do not come
	}
	if !of.large {
		deliveries = deliveries[:of.small]
	}
	a := &automaton{
		setting: s, known: map[string]int{}, edges: map[edge]int{}, steps: map[State][]Step{},
		model: Model{Deliveries: deliveries, Mode: s.mode, PowerCuts: true, Repeat: true},
	}
	a.intern(a.closure([]situation{{}}))
	return a
}

// next is the set after a symbol.
func (a *automaton) next(from int, s symbol) (int, error) {
	e := edge{from, s}
	if to, known := a.edges[e]; known {
		return to, nil
	}
	after, err := a.read(a.sets[from], s)
	if err != nil {
		return 0, err
	}
	to := a.intern(a.closure(after))
	a.edges[e] = to
	return to, nil
}

// intern gives a set its number.
func (a *automaton) intern(set []situation) int {
	var key []byte
	for _, s := range set {
		key = binary.LittleEndian.AppendUint64(key, uint64(s.at))
		key = append(key, s.open, s.sent, s.acked, s.faults)
		key = append(key, s.said[:]...)
	}
	n, known := a.known[string(key)]
	if !known {
		n = len(a.sets)
		a.known[string(key)] = n
		a.sets = append(a.sets, set)
	}
	return n
}

package author

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"webhookedge/plugins/policy/engine"
)

// Difference is an event that two policies decide differently.
type Difference struct {
	Name string `json:"name"` // where the event is from
	Kind string `json:"type"` // its type
	Was  string `json:"was"`  // the decision, or why there is none
	Is   string `json:"is"`
}

// Change counts the events of one type that went from one outcome to another.
// The outcome can be the same and the decision another: another subject, say.
type Change struct {
	Kind   string `json:"type"`
	Was    string `json:"was"`
	Is     string `json:"is"`
	Events int    `json:"events"`
	First  string `json:"first"` // the first event of it
}

// Comparison is what two policies made of the same events.
type Comparison struct {
	Events  int `json:"events"`
	Changed int `json:"changed"`
	// Changes are sorted by type and outcomes.
	Changes []Change `json:"changes,omitempty"`
	// Differences are the first ones, as many as were asked for.
	Differences []Difference `json:"differences,omitempty"`
}

// Compare asks both policies about every event, as of its receipt, or of now if unknown.
func Compare(ctx context.Context, live, candidate *Project, events iter.Seq2[*Question, error], keep int, now time.Time) (*Comparison, error) {
	c := &Comparison{}
	changes := map[Change]*Change{}
	for q, err := range events {
		if err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		at := now
		if e := q.Input.Event; e != nil && !e.ReceivedAt.IsZero() {
			at = e.ReceivedAt
		}
		was, is := live.Eval(ctx, q, at, false), candidate.Eval(ctx, q, at, false)
		c.Events++
		if was.same(is) {
			continue
		}
		c.Changed++
		key := Change{Kind: q.kind(), Was: was.Decision.Outcome(), Is: is.Decision.Outcome()}
		if changes[key] == nil {
			changes[key] = &Change{Kind: key.Kind, Was: key.Was, Is: key.Is, First: q.Name}
		}
		changes[key].Events++
		if len(c.Differences) < keep {
			c.Differences = append(c.Differences, Difference{q.Name, q.kind(), was.String(), is.String()})
		}
	}
	for _, change := range slices.SortedFunc(maps.Values(changes), func(a, b *Change) int {
		return slices.Compare([]string{a.Kind, a.Was, a.Is}, []string{b.Kind, b.Was, b.Is})
	}) {
		c.Changes = append(c.Changes, *change)
	}
	return c, nil
}

// same reports whether two answers have the same effect; rules and reasons do not count.
func (a *Answer) same(b *Answer) bool {
	if a.Err != nil || b.Err != nil {
		return a.Err != nil && b.Err != nil && a.String() == b.String()
	}
	return engine.SameEffect(a.Decision, b.Decision)
}

// String is the decision in JSON, or why there is none.
func (a *Answer) String() string {
	if a.Err != nil {
		return a.Err.Error()
	}
	return a.Decision.Value().String()
}

package facts

import (
	"errors"
	"fmt"
	"slices"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// ErrTypeMismatch means that an event name which nobody signed does not fit the
// payload.
var ErrTypeMismatch = errors.New("payload is not one of the type that a header names")

// typedPlan is the plan of the facts of one type, with what its payload must have.
type typedPlan struct {
	factPlan
	has, lacks []place.Place
}

// typed compiles the rules of p. One scan of a body finds facts and members alike.
func typed(p *spec.Provider) (map[string]*typedPlan, error) {
	if len(p.Types) == 0 {
		return nil, nil
	}
	all := make(map[string]*typedPlan, len(p.Types))
	for _, rule := range p.Types {
		if rule.Type == "" || all[rule.Type] != nil || len(rule.Has)+len(rule.Lacks) == 0 {
			return nil, fmt.Errorf("%w: types: %q has no name, is there twice or asks for nothing", spec.ErrRow, rule.Type)
		}
		t := &typedPlan{}
		var more place.Paths
		member := func(path string) place.Place {
			at := place.Place{Kind: place.Member, Name: path}
			more.Add(&at)
			return at
		}
		for _, path := range rule.Has {
			t.has = append(t.has, member(path))
		}
		for _, path := range rule.Lacks {
			t.lacks = append(t.lacks, member(path))
		}
		var err error
		if t.factPlan, err = compile(&p.Facts, more.List...); err != nil {
			return nil, err
		}
		all[rule.Type] = t
	}
	return all, nil
}

// planFor returns the plan of the facts of a delivery: that of the type which a
// place outside of its body names, where there is a rule for it.
func (c *Reader) planFor(v *place.Values) *typedPlan {
	if c.typed == nil {
		return &c.facts
	}
	for _, at := range c.facts.kind {
		if at.Kind != place.Header && at.Kind != place.Query {
			return &c.facts // the payload names its type
		}
		name := v.Sole(at)
		if name == "" {
			continue
		}
		if t := c.typed[name]; t != nil && !at.In(v.Request.Covers) {
			return t
		}
		break
	}
	return &c.facts
}

// fits reports whether what was found in the payload is of the type.
func (t *typedPlan) fits(v *place.Values) error {
	there := func(at place.Place) bool { _, n := v.Get(at); return n > 0 }
	if i := slices.IndexFunc(t.has, func(at place.Place) bool { return !there(at) }); i >= 0 {
		return fmt.Errorf("%w: it has no %s", ErrTypeMismatch, t.has[i].Name)
	}
	if i := slices.IndexFunc(t.lacks, there); i >= 0 {
		return fmt.Errorf("%w: it has a %s", ErrTypeMismatch, t.lacks[i].Name)
	}
	return nil
}

// factNames are the names of facts in the order of their bits, which is that of the
// alphabet.
var factNames = [...]string{"action", "id", "subject", "tenant", "time", "type"}

// The bits of facts.
const (
	bitAction uint8 = 1 << iota
	bitID
	bitSubject
	bitTenant
	bitTime
	bitType
)

// factMasks are the names of each mask, so that telling them costs no memory.
var factMasks = func() (all [1 << len(factNames)][]string) {
	for mask := range all {
		for i, name := range factNames {
			if mask&(1<<i) != 0 {
				all[mask] = append(all[mask], name)
			}
		}
	}
	return all
}()

// maskOf is the mask of names.
func maskOf(names []string) (mask uint8) {
	for i, name := range factNames {
		if slices.Contains(names, name) {
			mask |= 1 << i
		}
	}
	return mask
}

// ErrUnnamed means that the header in which every delivery of the provider names its
// event is missing, or there twice with two values. Whoever takes it away must not make
// another event of the delivery.
var ErrUnnamed = errors.New("a header that every delivery has is missing or ambiguous")

// namesType reports whether every delivery of the row names its event in a header.
func (c *Reader) namesType() bool {
	return slices.ContainsFunc(c.facts.kind, func(at place.Place) bool {
		return at.Kind == place.Header && slices.ContainsFunc(c.row.Sends, func(h spec.Header) bool { return h.Name == at.Name })
	})
}

// named returns ErrUnnamed where the type is missing that a header always tells, or of
// headers that come together only some are there.
func (c *Reader) named(v *place.Values, facts *Facts) error {
	if c.header && facts.Type == "" {
		return fmt.Errorf("%w: that of the type", ErrUnnamed)
	}
	there := 0
	for _, name := range c.row.Together {
		if text, n := v.Request.Headers.Get(name); n > 0 && text != "" {
			there++
		}
	}
	if there > 0 && there < len(c.row.Together) {
		return fmt.Errorf("%w: of headers that come together some are not there", ErrUnnamed)
	}
	return nil
}

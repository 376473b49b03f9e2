package provider

import (
	"errors"
	"fmt"
	"slices"
)

// ErrTypeMismatch means that an event name which nobody signed does not fit the
// payload.
var ErrTypeMismatch = errors.New("payload is not one of the type that a header names")

// TypeRule says what payloads of a type must have. It is asked only where the type
// stands in a place that the signature does not cover. A type without a rule passes.
type TypeRule struct {
	// Type is the event name as its place has it, with the action where that is a
	// part of the name: orders/create.
	Type string `json:"type" required:"true" maxlen:"256" doc:"Event name as its place has it."`
	// Has are paths of the JSON payload at which something but null must stand.
	Has []string `json:"has,omitempty" maxlen:"8" doc:"Paths of the JSON body at which something but null must stand."`
	// Lacks are paths at which nothing but null may stand, because another type has
	// it there.
	Lacks []string `json:"lacks,omitempty" maxlen:"8" doc:"Paths of the JSON body at which nothing but null may stand."`
}

// typedPlan is the plan of the facts of one type, with what its payload must have.
type typedPlan struct {
	factPlan
	has, lacks []place
}

// typed compiles the rules of p. One scan of a body finds facts and members alike.
func (p *Provider) typed() (map[string]*typedPlan, error) {
	if len(p.Types) == 0 {
		return nil, nil
	}
	all := make(map[string]*typedPlan, len(p.Types))
	for _, rule := range p.Types {
		if rule.Type == "" || all[rule.Type] != nil || len(rule.Has)+len(rule.Lacks) == 0 {
			return nil, fmt.Errorf("%w: types: %q has no name, is there twice or asks for nothing", ErrRow, rule.Type)
		}
		t := &typedPlan{}
		var more paths
		member := func(path string) place {
			at := place{kind: atMember, name: path}
			more.add(&at)
			return at
		}
		for _, path := range rule.Has {
			t.has = append(t.has, member(path))
		}
		for _, path := range rule.Lacks {
			t.lacks = append(t.lacks, member(path))
		}
		var err error
		if t.factPlan, err = p.Facts.compile(more.list...); err != nil {
			return nil, err
		}
		all[rule.Type] = t
	}
	return all, nil
}

// planFor returns the plan of the facts of a delivery: that of the type which a
// place outside of its body names, where there is a rule for it.
func (c *plan) planFor(v *values) (*factPlan, *typedPlan) {
	if c.typed == nil {
		return &c.facts, nil
	}
	for _, at := range c.facts.kind {
		if at.kind != atHeader && at.kind != atQuery {
			return &c.facts, nil // the payload names its type
		}
		name := v.told(at)
		if name == "" {
			continue
		}
		if t := c.typed[name]; t != nil && !at.in(v.r.Covers) {
			return &t.factPlan, t
		}
		break
	}
	return &c.facts, nil
}

// fits reports whether what was found in the payload is of the type.
func (t *typedPlan) fits(v *values) error {
	if t == nil {
		return nil
	}
	there := func(at place) bool { _, n := v.get(at); return n > 0 }
	if i := slices.IndexFunc(t.has, func(at place) bool { return !there(at) }); i >= 0 {
		return fmt.Errorf("%w: it has no %s", ErrTypeMismatch, t.has[i].name)
	}
	if i := slices.IndexFunc(t.lacks, there); i >= 0 {
		return fmt.Errorf("%w: it has a %s", ErrTypeMismatch, t.lacks[i].name)
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

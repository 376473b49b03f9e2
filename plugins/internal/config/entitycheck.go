package config

import (
	"errors"
	"fmt"
	"strings"
)

// EntityCheck is a rule across the fields of one record, in the terms of Kong's
// entity checks, which 3.9 documents in kong/db/schema/init.lua. Exactly one
// member is set. Fields are named as in JSON, those of nested records with dots.
// A field counts as set unless it is absent, null, "", [] or {}, and after its
// default was filled in.
type EntityCheck struct {
	OnlyOneOf         []string `json:"only_one_of,omitempty"`     // exactly one
	AtLeastOneOf      []string `json:"at_least_one_of,omitempty"` // one or more
	MutuallyExclusive []string `json:"mutually_exclusive,omitempty"`
	MutuallyRequired  []string `json:"mutually_required,omitempty"`
}

// effective finds the value of a dotted field name after defaults.
type effective func(name string) *node

func nonEmpty(n *node) bool {
	if n == nil {
		return false
	}
	switch n.kind {
	case '"':
		return n.text != ""
	case '[':
		return len(n.items) > 0
	case '{':
		return len(n.members) > 0
	default:
		return n.kind != 'n'
	}
}

// violated returns the text of the fault, "" where the rule holds.
func (c *EntityCheck) violated(value effective) string {
	names, lo, hi, text := c.counted()
	set := 0
	for _, name := range names {
		if nonEmpty(value(name)) {
			set++
		}
	}
	none := c.MutuallyRequired != nil && set == 0
	if (set >= lo && set <= hi) || none {
		return ""
	}
	return text + " " + strings.Join(names, ", ")
}

func (c *EntityCheck) counted() (names []string, lo, hi int, text string) {
	switch {
	case c.OnlyOneOf != nil:
		return c.OnlyOneOf, 1, 1, "exactly one must be set of"
	case c.AtLeastOneOf != nil:
		return c.AtLeastOneOf, 1, len(c.AtLeastOneOf), "at least one must be set of"
	case c.MutuallyExclusive != nil:
		return c.MutuallyExclusive, 0, 1, "at most one may be set of"
	default:
		return c.MutuallyRequired, len(c.MutuallyRequired), len(c.MutuallyRequired), "all or none must be set of"
	}
}

func (c *EntityCheck) check() error {
	members := 0
	for _, names := range [][]string{c.OnlyOneOf, c.AtLeastOneOf, c.MutuallyExclusive, c.MutuallyRequired} {
		if names == nil {
			continue
		}
		members++
		if len(names) < 2 {
			return errors.New("an entity check needs two fields or more")
		}
	}
	if members != 1 {
		return fmt.Errorf("an entity check must have one member, not %d", members)
	}
	return nil
}

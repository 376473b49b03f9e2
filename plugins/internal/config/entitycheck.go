package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// EntityCheck is a rule across the fields of one record, in the terms of Kong's
// entity checks, which 3.9 documents in kong/db/schema/init.lua. Exactly one
// member is set. Fields are named as in JSON, those of nested records with dots.
// A field counts as set unless it is absent, null, "", [] or {}, and after its
// default was filled in.
type EntityCheck struct {
	AtLeastOneOf      []string     `json:"at_least_one_of,omitempty"`
	OnlyOneOf         []string     `json:"only_one_of,omitempty"` // exactly one
	MutuallyExclusive []string     `json:"mutually_exclusive,omitempty"`
	MutuallyRequired  []string     `json:"mutually_required,omitempty"`
	Conditional       *Conditional `json:"conditional,omitempty"`
}

// Conditional demands ThenMatch of ThenField where IfField matches IfMatch.
type Conditional struct {
	IfField   string `json:"if_field"`
	IfMatch   Match  `json:"if_match"`
	ThenField string `json:"then_field"`
	ThenMatch Match  `json:"then_match"`
	// ThenErr replaces Kong's and our text of the fault.
	ThenErr string `json:"then_err,omitempty"`
}

// Match is a condition on one field; everything that is set must hold.
type Match struct {
	Eq       any      `json:"eq,omitempty"` // a string, bool or number
	OneOf    []string `json:"one_of,omitempty"`
	Required bool     `json:"required,omitempty"` // only in ThenMatch
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
	if c.Conditional != nil {
		return c.Conditional.violated(value)
	}
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
	case c.AtLeastOneOf != nil:
		return c.AtLeastOneOf, 1, len(c.AtLeastOneOf), "at least one must be set of"
	case c.OnlyOneOf != nil:
		return c.OnlyOneOf, 1, 1, "exactly one must be set of"
	case c.MutuallyExclusive != nil:
		return c.MutuallyExclusive, 0, 1, "at most one may be set of"
	default:
		return c.MutuallyRequired, len(c.MutuallyRequired), len(c.MutuallyRequired), "all or none must be set of"
	}
}

func (c *Conditional) violated(value effective) string {
	if !c.IfMatch.holds(value(c.IfField)) || c.ThenMatch.holds(value(c.ThenField)) {
		return ""
	}
	if c.ThenErr != "" {
		return c.ThenErr
	}
	return fmt.Sprintf("%s must %s when %s is %s", c.ThenField, c.ThenMatch.text("be "), c.IfField, c.IfMatch.text(""))
}

// holds follows Kong: a null fails eq, one_of is not asked of it, and only
// required insists on a value.
func (m *Match) holds(n *node) bool {
	if n == nil {
		return !m.Required && m.Eq == nil
	}
	if m.Eq != nil && !equals(n, m.Eq) {
		return false
	}
	return len(m.OneOf) == 0 || n.kind == '"' && slices.Contains(m.OneOf, n.text)
}

func equals(n *node, want any) bool {
	switch n.kind {
	case '"':
		return n.text == want
	case 't', 'f':
		return (n.kind == 't') == want
	case '0':
		got, err := parseFloat(n.text)
		number, ok := toFloat(want)
		return err == nil && ok && got == number
	default:
		return false
	}
}

func (m *Match) text(verb string) string {
	switch {
	case m.Eq != nil:
		return fmt.Sprintf("%s%v", verb, m.Eq)
	case len(m.OneOf) > 0:
		return verb + "one of " + strings.Join(m.OneOf, ", ")
	default:
		return verb + "set"
	}
}

// fields returns the names that c refers to.
func (c *EntityCheck) fields() []string {
	if c.Conditional != nil {
		return []string{c.Conditional.IfField, c.Conditional.ThenField}
	}
	names, _, _, _ := c.counted()
	return names
}

// certain returns the names without which Kong does not run c but fails.
func (c *EntityCheck) certain() []string {
	if c.Conditional != nil {
		return []string{c.Conditional.IfField}
	}
	return c.OnlyOneOf
}

func (c *EntityCheck) check() error {
	members := 0
	for _, names := range [][]string{c.AtLeastOneOf, c.OnlyOneOf, c.MutuallyExclusive, c.MutuallyRequired} {
		if names == nil {
			continue
		}
		members++
		if len(names) < 2 {
			return errors.New("an entity check needs two fields or more")
		}
	}
	if c.Conditional != nil {
		members++
		if m := c.Conditional.IfMatch; m.Eq == nil && len(m.OneOf) == 0 || m.Required {
			return errors.New("if_match of a conditional must have eq or one_of, and nothing else")
		}
		if m := c.Conditional.ThenMatch; m.Eq == nil && len(m.OneOf) == 0 && !m.Required {
			return errors.New("then_match of a conditional is empty")
		}
		if strings.Contains(c.Conditional.ThenErr, "%") {
			return errors.New("then_err must not hold a %, because Kong takes it as a format")
		}
	}
	if members != 1 {
		return fmt.Errorf("an entity check must have one member, not %d", members)
	}
	return nil
}

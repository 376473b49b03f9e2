package schema

import (
	"slices"
	"strings"
)

// check is one entity check: a rule on how many of some fields are set.
type check struct {
	name   string
	fields []string
}

// isCheck says whether an entity check is known.
func isCheck(name string) bool {
	return slices.Contains([]string{"only_one_of", "mutually_exclusive", "mutually_required"}, name)
}

// fault says what is wrong with filled of the check's fields being set, "" for
// nothing.
func (c check) fault(filled int) string {
	switch {
	case c.name == "only_one_of" && filled != 1:
		return "exactly one of these fields must be non-empty: " + quoted(c.fields)
	case c.name == "mutually_exclusive" && filled > 1:
		return "only one or none of these fields must be set: " + quoted(c.fields)
	case c.name == "mutually_required" && filled != 0 && filled != len(c.fields):
		return "all or none of these fields must be set: " + quoted(c.fields)
	}
	return ""
}

// lookup finds a value by its dotted name; missing is different from null.
func lookup(table map[string]any, name string) (v any, present bool) {
	for {
		head, rest, more := strings.Cut(name, ".")
		v, present = table[head]
		if !more || !present {
			return v, present
		}
		if table, present = v.(map[string]any); !present {
			return nil, false
		}
		name = rest
	}
}

func nonEmpty(v any) bool {
	switch v := v.(type) {
	case nil, null:
		return false
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return true
}

// runChecks runs the entity checks of a record.
func (f *field) runChecks(table map[string]any, path []any) []Fault {
	var faults []Fault
	for _, c := range f.checks {
		run, missing := f.applies(c, table)
		for _, n := range missing {
			at := slices.Clone(path)
			for part := range strings.SplitSeq(n, ".") {
				at = append(at, part)
			}
			faults = append(faults, fault(at, "field required for entity check")...)
		}
		if !run || len(missing) > 0 {
			continue
		}
		filled := 0
		for _, n := range c.fields {
			if v, _ := lookup(table, n); nonEmpty(v) {
				filled++
			}
		}
		if message := c.fault(filled); message != "" {
			faults = append(faults, fault(path, "%s", message)...)
		}
	}
	return faults
}

// applies says whether a check runs. One that looks at a vault reference does
// not: its value is not known yet. only_one_of needs all its fields, or none.
func (f *field) applies(c check, table map[string]any) (run bool, missing []string) {
	given := false
	for _, n := range c.fields {
		v, present := lookup(table, n)
		if !present {
			missing = append(missing, n)
			continue
		}
		given = true
		if sub := f.at(n); sub != nil && sub.flag("referenceable") && IsReference(v) {
			return false, nil
		}
	}
	if c.name != "only_one_of" {
		return true, nil
	}
	if !given {
		return false, nil
	}
	return true, missing
}

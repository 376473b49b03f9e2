package schema

import (
	"fmt"
	"slices"
	"strings"
)

// checkKind says how an entity check is run.
type checkKind struct {
	// always runs it also when none of its fields is there.
	always bool
	// sources are the keys of its argument that name fields; none means that
	// the argument is a list of names.
	sources []string
	needed  []string // sources whose fields must be there
	run     func(f *field, table map[string]any, arg any) (message string, inner []Fault)
}

// checkKinds are the entity checks by name.
func checkKinds() map[string]checkKind {
	return map[string]checkKind{
		"at_least_one_of": {always: true, run: func(_ *field, t map[string]any, arg any) (string, []Fault) {
			return unless(len(filledNames(t, arg)) > 0, "at least one of these fields must be non-empty: %s", quoted(names(arg))), nil
		}},
		"only_one_of": {run: func(_ *field, t map[string]any, arg any) (string, []Fault) {
			return unless(len(filledNames(t, arg)) == 1, "exactly one of these fields must be non-empty: %s", quoted(names(arg))), nil
		}},
		"mutually_exclusive": {always: true, run: func(_ *field, t map[string]any, arg any) (string, []Fault) {
			return unless(len(filledNames(t, arg)) <= 1, "only one or none of these fields must be set: %s", quoted(names(arg))), nil
		}},
		"mutually_required": {always: true, run: func(_ *field, t map[string]any, arg any) (string, []Fault) {
			n := len(filledNames(t, arg))
			return unless(n == 0 || n == len(names(arg)), "all or none of these fields must be set: %s", quoted(names(arg))), nil
		}},
		"distinct":                    {run: distinct},
		"mutually_exclusive_sets":     {always: true, sources: []string{"set1", "set2"}, run: exclusiveSets},
		"conditional":                 {sources: []string{"if_field", "then_field"}, needed: []string{"if_field"}, run: conditional},
		"conditional_at_least_one_of": {always: true, sources: []string{"if_field", "then_at_least_one_of", "else_then_at_least_one_of"}, run: conditionalAtLeast},
	}
}

// fieldNames returns the fields that a check looks at.
func (c check) fieldNames() ([]string, error) {
	kind := c.kind
	if kind.sources == nil {
		if len(names(c.arg)) == 0 {
			return nil, fmt.Errorf("expected a list of field names")
		}
		return names(c.arg), nil
	}
	arg, ok := c.arg.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("expected a table")
	}
	for _, match := range []string{"if_match", "then_match"} {
		if _, isTable := arg[match].(map[string]any); !isTable && c.name == "conditional" {
			return nil, fmt.Errorf("%s must be a table", match)
		}
	}
	var out []string
	for _, s := range kind.sources {
		out = append(out, names(arg[s])...)
	}
	return out, nil
}

// names reads one field name or a list of them.
func names(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		return texts(v)
	}
	return nil
}

// lookup finds a value by its dotted name; missing is different from null.
func lookup(table map[string]any, name string) (v any, present bool) {
	for {
		head, rest, more := cutDot(name)
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

func filledNames(table map[string]any, arg any) []string {
	var out []string
	for _, n := range names(arg) {
		if v, _ := lookup(table, n); nonEmpty(v) {
			out = append(out, n)
		}
	}
	return out
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

// runChecks runs the entity checks of a record. bad are its fields that are
// wrong already.
func (f *field) runChecks(table map[string]any, path []any, bad map[string]bool) []Fault {
	var faults []Fault
	for _, c := range f.checks {
		run, missing := f.applies(c, c.kind, table)
		for _, n := range missing {
			faults = append(faults, fault(appendNames(path, n), "field required for entity check")...)
		}
		if !run || len(missing) > 0 {
			continue
		}
		message, inner := c.kind.run(f, table, c.arg)
		for _, in := range inner {
			in.Path = append(slices.Clone(path), in.Path...)
			if !bad[firstName(in.Path, len(path))] {
				faults = append(faults, in)
			}
		}
		if message != "" {
			faults = append(faults, fault(path, "%s", message)...)
		}
	}
	return faults
}

func firstName(path []any, at int) string {
	name, _ := path[at].(string)
	return name
}

func appendNames(path []any, dotted string) []any {
	out := slices.Clone(path)
	for n := range strings.SplitSeq(dotted, ".") {
		out = append(out, n)
	}
	return out
}

// applies says whether a check runs. One that looks at a vault reference does
// not: its value is not known yet.
func (f *field) applies(c check, kind checkKind, table map[string]any) (run bool, missing []string) {
	all, _ := c.fieldNames()
	needed := all
	if kind.sources != nil {
		needed = nil
		arg, _ := c.arg.(map[string]any)
		for _, s := range kind.needed {
			needed = append(needed, names(arg[s])...)
		}
	}
	given := false
	for _, n := range all {
		v, present := lookup(table, n)
		if !present {
			if !kind.always && slices.Contains(needed, n) {
				missing = append(missing, n)
			}
			continue
		}
		given = true
		if sub := f.at(n); sub != nil && sub.flag("referenceable") && IsReference(v) {
			return false, nil
		}
	}
	if !given && !kind.always {
		return false, nil
	}
	return true, missing
}

func distinct(_ *field, table map[string]any, arg any) (string, []Fault) {
	var seen []any
	for _, n := range names(arg) {
		v, _ := lookup(table, n)
		if nonEmpty(v) && contains(seen, v) {
			return "values of these fields must be distinct: " + quoted(names(arg)), nil
		}
		seen = append(seen, v)
	}
	return "", nil
}

func exclusiveSets(_ *field, table map[string]any, arg any) (string, []Fault) {
	m, _ := arg.(map[string]any)
	one, two := filledNames(table, m["set1"]), filledNames(table, m["set2"])
	return unless(len(one) == 0 || len(two) == 0, "these sets are mutually exclusive: (%s), (%s)", quoted(one), quoted(two)), nil
}

// holds says whether a field's value passes its definition with match on top.
func (f *field) holds(table map[string]any, name string, match any) (bool, []Fault) {
	m, _ := match.(map[string]any)
	sub, err := f.at(name).with(m)
	if err != nil {
		return false, []Fault{{appendNames(nil, name), err.Error()}}
	}
	v, _ := lookup(table, name)
	faults := sub.validate(v, appendNames(nil, name))
	return len(faults) == 0, faults
}

func conditional(f *field, table map[string]any, arg any) (string, []Fault) {
	m, _ := arg.(map[string]any)
	ifField, thenField := names(m["if_field"]), names(m["then_field"])
	if len(ifField) != 1 || len(thenField) != 1 {
		return "", nil
	}
	if ok, _ := f.holds(table, ifField[0], m["if_match"]); !ok {
		return "", nil
	}
	ok, faults := f.holds(table, thenField[0], m["then_match"])
	if ok {
		return "", nil
	}
	if text, has := m["then_err"].(string); has {
		return strings.Replace(text, "%s", ifField[0], 1), faults
	}
	return fmt.Sprintf("failed conditional validation given value of field '%s'", ifField[0]), faults
}

func conditionalAtLeast(f *field, table map[string]any, arg any) (string, []Fault) {
	m, _ := arg.(map[string]any)
	ifField := names(m["if_field"])
	if len(ifField) != 1 {
		return "", nil
	}
	if _, present := lookup(table, ifField[0]); !present {
		return "", nil
	}
	wanted, text := m["then_at_least_one_of"], m["then_err"]
	if ok, _ := f.holds(table, ifField[0], m["if_match"]); !ok {
		if m["else_match"] == nil {
			return "", nil
		}
		if ok, _ := f.holds(table, ifField[0], m["else_match"]); !ok {
			return "", nil
		}
		wanted, text = m["else_then_at_least_one_of"], m["else_then_err"]
	}
	if len(filledNames(table, wanted)) > 0 {
		return "", nil
	}
	if own, has := text.(string); has {
		return strings.Replace(own, "%s", quoted(names(wanted)), 1), nil
	}
	return "at least one of these fields must be non-empty: " + quoted(names(wanted)), nil
}

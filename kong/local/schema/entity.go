package schema

import (
	"fmt"
	"strings"
)

// check is one entity check: a rule on how many of some fields are set.
type check struct {
	name   string
	fields []string
}

// prepareChecks reads entity_checks, which must name fields of the record.
func (f *field) prepareChecks(path string) (faults []error) {
	for _, definition := range f.EntityChecks {
		for name, fields := range definition {
			switch name {
			case "only_one_of", "at_least_one_of", "mutually_exclusive", "mutually_required":
			default:
				faults = append(faults, fmt.Errorf("%s: unknown entity check %s", path, name))
			}
			if len(fields) == 0 {
				faults = append(faults, fmt.Errorf("%s: entity check %s: expected field names", path, name))
			}
			for _, n := range fields {
				// Of what stands in records Kong runs this one alone as it is meant.
				if f.lookup(n) == nil || strings.Contains(n, ".") && name != "at_least_one_of" {
					faults = append(faults, fmt.Errorf("%s: entity check %s: there is no field %q", path, name, n))
				}
			}
			f.checks = append(f.checks, check{name, fields})
		}
	}
	return faults
}

// lookup finds a field by its name, in which dots lead into records.
func (f *field) lookup(name string) *field {
	head, rest, nested := strings.Cut(name, ".")
	sub := f.fields[head]
	if !nested || sub == nil {
		return sub
	}
	return sub.lookup(rest)
}

// get is the value that lookup's field has in table, nil for none.
func get(table map[string]any, name string) any {
	head, rest, nested := strings.Cut(name, ".")
	if !nested {
		return table[name]
	}
	inner, _ := table[head].(map[string]any)
	return get(inner, rest)
}

// runChecks runs the entity checks of a record. One that looks at a vault reference
// is left out: the value is not known yet.
func (f *field) runChecks(table map[string]any, path []any) []Fault {
	var faults []Fault
	for _, c := range f.checks {
		set, reference := 0, false
		for _, n := range c.fields {
			v := get(table, n)
			if nonEmpty(v) {
				set++
			}
			reference = reference || f.lookup(n).Referenceable && IsReference(v)
		}
		if message := c.violated(set); message != "" && !reference {
			faults = append(faults, fault(path, "%s: '%s'", message, strings.Join(c.fields, "', '"))...)
		}
	}
	return faults
}

// violated returns what is wrong when set of the check's fields are set, "" for
// nothing.
func (c check) violated(set int) string {
	switch {
	case c.name == "only_one_of" && set != 1:
		return "exactly one of these fields must be non-empty"
	case c.name == "at_least_one_of" && set == 0:
		return "at least one of these fields must be non-empty"
	case c.name == "mutually_exclusive" && set > 1:
		return "only one or none of these fields must be set"
	case c.name == "mutually_required" && set != 0 && set != len(c.fields):
		return "all or none of these fields must be set"
	}
	return ""
}

func nonEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string, []any, map[string]any:
		return length(v) > 0
	}
	return true
}

package schema

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// IsReference says whether a string looks like a vault reference.
func IsReference(v any) bool {
	s, ok := v.(string)
	const prefix = "{vault://"
	return ok && len(s) > len(prefix) && s[:len(prefix)] == prefix && s[len(s)-1] == '}'
}

func fault(path []any, format string, args ...any) []Fault {
	return []Fault{{slices.Clone(path), fmt.Sprintf(format, args...)}}
}

// validate returns what is wrong with v at path.
func (f *field) validate(v any, path []any) []Fault {
	if _, isNull := v.(null); isNull || v == nil {
		if f.flag("required") {
			return fault(path, "required field missing")
		}
		return nil
	}
	faults, final := f.validateType(v, path)
	if len(faults) > 0 || final {
		return faults
	}
	for _, name := range validators() {
		if arg := f.raw[name]; arg != nil {
			if msg := violates(name, v, arg); msg != "" {
				return fault(path, "%s", msg)
			}
		}
	}
	if f.kind == "string" && f.raw["len_min"] == nil && v == "" {
		return fault(path, "length must be at least 1")
	}
	return nil
}

// validateType checks the type and what is inside. Final means that no
// validator is to run.
func (f *field) validateType(v any, path []any) (faults []Fault, final bool) {
	switch f.kind {
	case "array", "set":
		list, ok := asList(v)
		if !ok {
			return fault(path, "expected %s %s", article(f.kind), f.kind), true
		}
		for i, e := range list {
			faults = append(faults, f.elements.required(e, append(path, i))...)
		}
		return faults, false
	case "map":
		table, ok := asTable(v)
		if !ok {
			return fault(path, "expected a map"), true
		}
		for _, k := range slices.Sorted(maps.Keys(table)) {
			at := append(slices.Clone(path), k)
			faults = append(faults, f.keys.required(k, at)...)
			faults = append(faults, f.values.required(table[k], at)...)
		}
		return faults, false
	case "record":
		table, ok := asTable(v)
		if !ok {
			return fault(path, "expected a record"), true
		}
		return f.validateRecord(table, path), false
	case "integer":
		n, ok := toNumber(v)
		if !ok || n != math.Floor(n) || math.IsInf(n, 0) {
			return fault(path, "expected an integer"), true
		}
	case "number":
		if _, ok := toNumber(v); !ok {
			return fault(path, "expected a number"), true
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return fault(path, "expected a boolean"), true
		}
	case "string":
		if _, ok := v.(string); !ok {
			return fault(path, "expected a string"), true
		}
		return nil, f.flag("referenceable") && IsReference(v)
	}
	return nil, false
}

// required validates an element of a list or a map, which may never be null.
func (f *field) required(v any, path []any) []Fault {
	if _, isNull := v.(null); isNull || v == nil {
		return fault(path, "required field missing")
	}
	return f.validate(v, path)
}

func article(kind string) string {
	if kind == "array" {
		return "an"
	}
	return "a"
}

// asList takes an empty table for an empty list, and the other way round, since
// Lua has one type for both.
func asList(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case map[string]any:
		return nil, len(v) == 0
	}
	return nil, false
}

func asTable(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case []any:
		return nil, len(v) == 0
	}
	return nil, false
}

func (f *field) validateRecord(table map[string]any, path []any) []Fault {
	var faults []Fault
	for _, name := range slices.Sorted(maps.Keys(table)) {
		at := append(slices.Clone(path), name)
		sub := f.fields[name]
		if sub == nil {
			faults = append(faults, fault(at, "unknown field%s", suggest(name, f.names))...)
			continue
		}
		faults = append(faults, sub.validate(table[name], at)...)
	}
	for _, name := range f.names {
		if _, present := table[name]; !present && f.fields[name].flag("required") {
			faults = append(faults, fault(append(slices.Clone(path), name), "required field missing")...)
		}
	}
	return append(faults, f.runChecks(table, path)...)
}

// suggest names the known field that is nearest to an unknown one.
func suggest(name string, known []string) string {
	if best := Nearest(name, known); best != "" {
		return fmt.Sprintf(" (did you mean %q?)", best)
	}
	return ""
}

// Nearest returns the known name with the least edit distance to name, "" where
// none is near.
func Nearest(name string, known []string) string {
	best, least := "", len(name)/2+1
	for _, k := range known {
		if d := distance(name, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

package schema

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
)

// IsReference says whether a string looks like a vault reference.
func IsReference(v any) bool {
	s, _ := v.(string)
	inner, ok := strings.CutPrefix(s, "{vault://")
	return ok && len(inner) > 1 && strings.HasSuffix(inner, "}")
}

// validate returns what is wrong with v at path.
func (f *field) validate(v any, path []any) []Fault {
	if v == nil {
		if f.required() {
			return missing(path)
		}
		return nil
	}
	if !f.accepts(v) {
		article := "a"
		if strings.ContainsAny(f.Type[:1], "ai") {
			article = "an"
		}
		return fault(path, "expected %s %s", article, f.Type)
	}
	if f.Referenceable && IsReference(v) {
		return nil
	}
	if faults := f.validateInside(v, path); len(faults) > 0 {
		return faults
	}
	if message := f.violated(v); message != "" {
		return fault(path, "%s", message)
	}
	return nil
}

func missing(path []any) []Fault { return fault(path, "required field missing") }

// accepts says whether v is of the field's type. An empty table is an empty list
// as well, since Lua has one type for both.
func (f *field) accepts(v any) (ok bool) {
	switch f.Type {
	case "array", "set":
		if _, ok = v.([]any); !ok {
			table, isTable := v.(map[string]any)
			return isTable && len(table) == 0
		}
	case "map", "record":
		if _, ok = v.(map[string]any); !ok {
			list, isList := v.([]any)
			return isList && len(list) == 0
		}
	case "integer":
		var n float64
		n, ok = number(v)
		return ok && n == math.Trunc(n) && !math.IsInf(n, 0)
	case "number":
		_, ok = number(v)
	case "boolean":
		_, ok = v.(bool)
	case "string":
		_, ok = v.(string)
	}
	return ok
}

// validateInside validates the elements, entries or fields of v.
func (f *field) validateInside(v any, path []any) (faults []Fault) {
	table, _ := v.(map[string]any)
	switch f.Type {
	case "array", "set":
		list, _ := v.([]any)
		for i, e := range list {
			faults = append(faults, f.Elements.validatePresent(e, below(path, i))...)
		}
	case "map":
		for _, k := range slices.Sorted(maps.Keys(table)) {
			faults = append(faults, f.Keys.validatePresent(k, below(path, k))...)
			faults = append(faults, f.Values.validatePresent(table[k], below(path, k))...)
		}
	case "record":
		return f.validateRecord(table, path)
	}
	return faults
}

// validatePresent validates an element of a list or a map, which may never be null.
func (f *field) validatePresent(v any, path []any) []Fault {
	if v == nil {
		return missing(path)
	}
	return f.validate(v, path)
}

func (f *field) validateRecord(table map[string]any, path []any) []Fault {
	var faults []Fault
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if sub := f.fields[name]; sub != nil {
			faults = append(faults, sub.validate(table[name], below(path, name))...)
		} else {
			faults = append(faults, fault(below(path, name), "unknown field%s", Suggest(name, f.names))...)
		}
	}
	for _, name := range f.names {
		if _, present := table[name]; !present && f.fields[name].required() {
			faults = append(faults, missing(below(path, name))...)
		}
	}
	return append(faults, f.runChecks(table, path)...)
}

// violated returns the first of the field's rules that v breaks, in Kong's order, ""
// for none.
func (f *field) violated(v any) string {
	n, isNumber := number(v)
	switch {
	case f.OneOf != nil && !contains(f.OneOf, v):
		options := make([]string, len(f.OneOf))
		for i, option := range f.OneOf {
			options[i] = show(option)
		}
		return "expected one of: " + strings.Join(options, ", ")
	case f.Between != nil && (!isNumber || n < f.Between[0] || n > f.Between[1]):
		return fmt.Sprintf("value should be between %d and %d", int64(f.Between[0]), int64(f.Between[1]))
	case f.LenMin != nil && length(v) < *f.LenMin:
		return fmt.Sprintf("length must be at least %d", *f.LenMin)
	case f.LenMin == nil && v == "":
		return "length must be at least 1"
	case f.LenMax != nil && length(v) > *f.LenMax:
		return fmt.Sprintf("length must be at most %d", *f.LenMax)
	}
	return f.unmatched(v)
}

// length is in bytes for a string, in entries for a table.
func length(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []any:
		return len(v)
	case map[string]any:
		return len(v)
	}
	return 0
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	}
	return 0, false
}

func show(v any) string {
	if n, ok := number(v); ok {
		return strconv.FormatFloat(n, 'g', 14, 64)
	}
	return fmt.Sprint(v)
}

// Suggest asks whether the known name that is nearest to name was meant. It returns
// "" where none is near.
func Suggest(name string, known []string) string {
	best, least := "", len(name)/2+1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(name, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

package schema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Fault is one thing that is wrong with a config.
type Fault struct {
	// Path leads to the field from the plugin entity: names (string) of fields
	// and map keys, indexes (int) of list elements from 0.
	Path []any
	// Message is Kong's text.
	Message string
}

// Error implements error: the path, a colon, the message.
func (f Fault) Error() string { return PathText(f.Path) + ": " + f.Message }

// PathText writes a path as "config.list[0].name".
func PathText(path []any) string {
	var out strings.Builder
	for _, p := range path {
		switch p := p.(type) {
		case int:
			fmt.Fprintf(&out, "[%d]", p)
		case string:
			if out.Len() > 0 {
				out.WriteByte('.')
			}
			out.WriteString(p)
		}
	}
	return out.String()
}

// null is a value that is known to be nothing, in contrast to a missing one.
type null struct{}

// Check validates the config of a plugin entity and returns it with defaults
// filled in and unset fields removed, as Kong stores it. Values are nil, bool,
// int64, float64, string, []any and map[string]any; config itself may be nil.
func (s *Schema) Check(config any) (map[string]any, []Fault) {
	entity := map[string]any{}
	if config != nil {
		entity["config"] = config
	}
	only := &field{raw: s.top.raw, kind: "record", names: []string{"config"}, fields: map[string]*field{"config": s.top.fields["config"]}, checks: s.top.checks}
	filled := only.fill(entity, true)
	if faults := only.validate(filled, nil); len(faults) > 0 {
		slices.SortStableFunc(faults, func(a, b Fault) int { return strings.Compare(PathText(a.Path), PathText(b.Path)) })
		return nil, faults
	}
	out, _ := filled.(map[string]any)["config"].(map[string]any)
	return out, nil
}

// fill returns a copy of v with defaults. present tells an explicit null from a
// missing value; nil is returned only for a required value that is missing.
func (f *field) fill(v any, present bool) any {
	if v == nil && present {
		return null{}
	}
	if v == nil {
		if d, ok := f.raw["default"]; ok && d != nil {
			return f.fill(clean(d), true)
		}
		if !f.flag("required") {
			return null{}
		}
		if f.kind != "record" {
			return nil
		}
		v = map[string]any{}
	}
	switch v := v.(type) {
	case []any:
		return f.fillList(v)
	case map[string]any:
		return f.fillTable(v)
	}
	return v
}

func (f *field) fillList(list []any) any {
	if f.elements == nil {
		return list
	}
	out := make([]any, 0, len(list))
	for _, e := range list {
		e = f.elements.fill(e, true)
		if f.kind == "set" && contains(out, e) {
			continue
		}
		out = append(out, e)
	}
	return out
}

func (f *field) fillTable(table map[string]any) any {
	out := make(map[string]any, len(table))
	switch f.kind {
	case "map":
		for k, e := range table {
			out[k] = f.values.fill(e, true)
		}
	case "record":
		maps.Copy(out, table)
		for _, name := range f.names {
			v, present := table[name]
			if filled := f.fields[name].fill(v, present); filled != nil {
				out[name] = filled
			}
		}
	default:
		maps.Copy(out, table)
	}
	return out
}

func contains(list []any, v any) bool {
	for _, e := range list {
		if equal(e, v) {
			return true
		}
	}
	return false
}

// equal compares scalars; tables are equal to nothing, as in Lua.
func equal(a, b any) bool {
	if x, ok := toNumber(a); ok {
		y, ok := toNumber(b)
		return ok && x == y
	}
	switch a := a.(type) {
	case string:
		s, ok := b.(string)
		return ok && a == s
	case bool:
		t, ok := b.(bool)
		return ok && a == t
	case null:
		_, ok := b.(null)
		return ok || b == nil
	}
	return false
}

// strip removes what is null, and strings that are empty by default, as Kong
// does when it loads an entity.
func strip(f *field, v any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			out = append(out, strip(f.elements, e))
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			sub := f.values
			if f.kind == "record" {
				sub = f.fields[k]
			}
			if _, gone := e.(null); !gone {
				out[k] = strip(sub, e)
			}
		}
		return out
	case float64:
		if f.kind == "integer" {
			return int64(v)
		}
	}
	return v
}

func show(v any) string {
	switch v := v.(type) {
	case nil, null:
		return "null"
	case float64:
		return strconv.FormatFloat(v, 'g', 14, 64)
	}
	return fmt.Sprint(v)
}

package schema

import (
	"fmt"
	"maps"
	"slices"
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

func fault(path []any, format string, args ...any) []Fault {
	return []Fault{{path, fmt.Sprintf(format, args...)}}
}

// below returns the path of what is under step at path.
func below(path []any, step any) []any { return append(slices.Clone(path), step) }

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

// Check validates the config of a plugin entity and returns it with defaults
// filled in and unset fields removed, as Kong loads it. Values are nil, bool,
// int64, float64, string, []any and map[string]any; config itself may be nil.
func (s *Schema) Check(config any) (map[string]any, []Fault) {
	out, faults := s.CheckPart(config)
	if len(faults) > 0 {
		return nil, faults
	}
	return out, nil
}

// CheckPart is Check for tools that look further: it returns the config also where it has
// faults, which then is no config that Kong would load.
func (s *Schema) CheckPart(config any) (map[string]any, []Fault) {
	filled, _ := s.config.fill(config, config != nil)
	faults := s.config.validate(filled, []any{"config"})
	slices.SortStableFunc(faults, func(a, b Fault) int { return strings.Compare(PathText(a.Path), PathText(b.Path)) })
	out, _ := s.config.strip(filled).(map[string]any)
	return out, faults
}

// fill returns a copy of v with defaults. present tells an explicit null from a
// missing value. ok is false only for a required value that is missing.
func (f *field) fill(v any, present bool) (filled any, ok bool) {
	if v == nil && !present {
		switch {
		case f.Default != nil:
			v = f.Default
		case f.required() && f.Type == "record":
			v = map[string]any{}
		default:
			return nil, !f.required()
		}
	}
	switch v := v.(type) {
	case []any:
		return f.fillList(v), true
	case map[string]any:
		return f.fillTable(v), true
	}
	return v, true
}

func (f *field) fillList(list []any) any {
	if f.Elements == nil {
		return list
	}
	out := make([]any, 0, len(list))
	for _, e := range list {
		e, _ = f.Elements.fill(e, true)
		if f.Type == "set" && contains(out, e) {
			continue
		}
		out = append(out, e)
	}
	return out
}

func (f *field) fillTable(table map[string]any) any {
	out := make(map[string]any, len(table))
	maps.Copy(out, table)
	if f.Type == "map" {
		for k, e := range table {
			out[k], _ = f.Values.fill(e, true)
		}
	}
	for _, name := range f.names {
		v, present := table[name]
		if filled, ok := f.fields[name].fill(v, present); ok {
			out[name] = filled
		}
	}
	return out
}

// contains compares scalars; tables are equal to nothing, as in Lua.
func contains(list []any, v any) bool {
	n, isNumber := number(v)
	return slices.ContainsFunc(list, func(e any) bool {
		switch e := e.(type) {
		case string, bool, nil:
			return e == v
		}
		m, ok := number(e)
		return ok && isNumber && m == n
	})
}

// strip copies v without what is null, as Kong does when it loads an entity.
func (f *field) strip(v any) any {
	if f == nil { // of a key that there is not
		return v
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			out = append(out, f.Elements.strip(e))
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			sub := f.Values
			if f.Type == "record" {
				sub = f.fields[k]
			}
			if e != nil {
				out[k] = sub.strip(e)
			}
		}
		return out
	case float64:
		if f.Type == "integer" {
			return int64(v)
		}
	}
	return v
}

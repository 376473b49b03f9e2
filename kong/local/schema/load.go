package schema

import "slices"

// Unresolved is a vault reference that led to nothing. Kong hands the plugin an
// empty string for it.
type Unresolved struct {
	Path      []any
	Reference string
	Err       error
}

// Load turns a checked config into the one that a plugin server gets: unset
// fields removed, vault references replaced by their values with the reference
// kept beside them in "$refs". Only strings, and lists and maps of strings, that
// are referenceable are looked at: elsewhere a reference stays as it is written.
func (s *Schema) Load(config map[string]any, resolve func(reference string) (string, error)) (map[string]any, []Unresolved) {
	l := &loader{resolve: resolve}
	f := s.top.fields["config"]
	table, _ := strip(f, config).(map[string]any)
	l.record(f, table, []any{"config"})
	return table, l.unresolved
}

type loader struct {
	resolve    func(string) (string, error)
	unresolved []Unresolved
}

func (l *loader) record(f *field, table map[string]any, path []any) {
	refs := map[string]any{}
	for _, name := range f.names {
		v, present := table[name]
		if !present {
			continue
		}
		sub, at := f.fields[name], append(slices.Clone(path), name)
		switch {
		case sub.kind == "string":
			if sub.flag("referenceable") && IsReference(v) {
				refs[name], table[name] = v, l.value(v, at)
			} else if n, has := toNumber(sub.raw["len_min"]); v == "" && (!has || n > 0) {
				delete(table, name)
			}
		case sub.elements != nil && sub.elements.flag("referenceable"):
			if found := l.list(v, at); found != nil {
				refs[name] = found
			}
		case sub.values != nil && sub.values.flag("referenceable"):
			if found := l.entries(v, at); found != nil {
				refs[name] = found
			}
		default:
			l.inner(sub, v, at)
		}
	}
	if len(refs) > 0 {
		table["$refs"] = refs
	}
}

// inner goes on to the records inside v.
func (l *loader) inner(f *field, v any, path []any) {
	switch v := v.(type) {
	case map[string]any:
		if f.kind == "record" {
			l.record(f, v, path)
			return
		}
		for k, e := range v {
			if f.values != nil {
				l.inner(f.values, e, append(slices.Clone(path), k))
			}
		}
	case []any:
		for i, e := range v {
			if f.elements != nil {
				l.inner(f.elements, e, append(slices.Clone(path), i))
			}
		}
	}
}

func (l *loader) value(reference any, path []any) string {
	text, _ := reference.(string)
	v, err := l.resolve(text)
	if err != nil {
		l.unresolved = append(l.unresolved, Unresolved{path, text, err})
		return ""
	}
	return v
}

// list replaces references in a list. What it returns is as long as the last
// reference needs, with null for elements that are none.
func (l *loader) list(v any, path []any) any {
	elements, _ := v.([]any)
	var refs []any
	for i, e := range elements {
		if !IsReference(e) {
			continue
		}
		for len(refs) < i {
			refs = append(refs, nil)
		}
		refs = append(refs, e)
		elements[i] = l.value(e, append(slices.Clone(path), i))
	}
	if refs == nil {
		return nil
	}
	return refs
}

func (l *loader) entries(v any, path []any) any {
	table, _ := v.(map[string]any)
	refs := map[string]any{}
	for k, e := range table {
		if IsReference(e) {
			refs[k] = e
			table[k] = l.value(e, append(slices.Clone(path), k))
		}
	}
	if len(refs) == 0 {
		return nil
	}
	return refs
}

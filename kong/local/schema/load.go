package schema

import (
	"maps"
	"slices"
)

// Unresolved is a vault reference that led to nothing. Kong hands the plugin an
// empty string for it.
type Unresolved struct {
	Path      []any
	Reference string
	Err       error
}

// Load replaces the vault references in a config that Check returned by their
// values, and keeps the references beside them in "$refs", as a plugin server gets
// it. Only strings, and lists and maps of strings, that are referenceable are looked
// at: elsewhere a reference stays as it is written.
func (s *Schema) Load(config map[string]any, resolve func(reference string) (string, error)) (map[string]any, []Unresolved) {
	l := &loader{resolve: resolve}
	l.load(s.config, config, []any{"config"})
	return config, l.unresolved
}

type loader struct {
	resolve    func(string) (string, error)
	unresolved []Unresolved
}

// load replaces the references in v, and returns what stands in its place and its
// references: nil for none, else a string, a list or a map like v.
func (l *loader) load(f *field, v any, path []any) (loaded, refs any) {
	if f == nil { // of a key that there is not
		return v, nil
	}
	switch v := v.(type) {
	case string:
		if f.Referenceable && IsReference(v) {
			return l.value(v, path), v
		}
	case []any:
		return v, l.list(f, v, path)
	case map[string]any:
		if f.Type == "map" {
			return v, l.entries(func(string) *field { return f.Values }, v, path)
		}
		if refs := l.entries(func(name string) *field { return f.fields[name] }, v, path); refs != nil {
			v["$refs"] = refs
		}
	}
	return v, nil
}

func (l *loader) value(reference string, path []any) string {
	v, err := l.resolve(reference)
	if err != nil {
		l.unresolved = append(l.unresolved, Unresolved{path, reference, err})
		return ""
	}
	return v
}

// list replaces the references in a list. What it returns is as long as the last
// reference needs, with null for elements that are none.
func (l *loader) list(f *field, list []any, path []any) any {
	var refs []any
	for i, e := range list {
		loaded, ref := l.load(f.Elements, e, below(path, i))
		list[i] = loaded
		if ref != nil {
			refs = append(append(refs, make([]any, i-len(refs))...), ref)
		}
	}
	if refs == nil {
		return nil
	}
	return refs
}

// entries replaces the references in a map or a record.
func (l *loader) entries(of func(key string) *field, table map[string]any, path []any) any {
	refs := map[string]any{}
	for _, k := range slices.Sorted(maps.Keys(table)) {
		loaded, ref := l.load(of(k), table[k], below(path, k))
		table[k] = loaded
		if ref != nil {
			refs[k] = ref
		}
	}
	if len(refs) == 0 {
		return nil
	}
	return refs
}

package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrSchema means that the schema itself is one that Kong would not start with.
var ErrSchema = errors.New("invalid plugin schema")

// minDescription is the least length of a description, in bytes. Kong refuses
// to start with a shorter one.
const minDescription = 10

// Schema is a plugin's schema.
type Schema struct {
	Name string
	top  *field
}

// field is one field definition. Raw keeps the attributes, because conditional
// checks run a field with some of them replaced.
type field struct {
	raw      map[string]any
	kind     string
	elements *field
	keys     *field
	values   *field
	names    []string // of a record, in their order
	fields   map[string]*field
	checks   []check
}

// check is one entity check: its name and its argument as in the schema.
type check struct {
	name string
	kind checkKind
	arg  any
}

// attributes are those that may stand in a field definition. True means that
// they change what is accepted.
var attributes = func() map[string]bool {
	out := map[string]bool{"description": false, "encrypted": false, "legacy": false, "unique": false, "immutable": false}
	for _, name := range []string{
		"type", "required", "default", "elements", "keys", "values", "fields", "entity_checks", "referenceable", "err",
		"eq", "ne", "one_of", "not_one_of", "gt", "between", "uuid", "len_eq", "len_min", "len_max",
		"starts_with", "match", "contains",
	} {
		out[name] = true
	}
	return out
}()

// Parse reads a schema as -dump prints it: {"name", "fields": [{"config": ...}]}.
// The error wraps ErrSchema and names every fault.
func Parse(text []byte) (*Schema, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var raw map[string]any
	if err := dec.Decode(&raw); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSchema, err)
	}
	name, _ := raw["name"].(string)
	p := &parser{}
	top := p.record(map[string]any{"type": "record", "fields": raw["fields"], "entity_checks": raw["entity_checks"]}, "")
	if top.fields["config"] == nil {
		p.fault("config", "missing")
	} else if top.fields["config"].kind != "record" {
		p.fault("config", "must be a record")
	} else {
		top.fields["config"].raw["required"] = true
		top.fields["config"].requireRecords()
	}
	for _, extra := range slices.Sorted(maps.Keys(raw)) {
		if extra != "name" && extra != "fields" && extra != "entity_checks" {
			p.fault(extra, "unknown key of a schema")
		}
	}
	if err := errors.Join(p.faults...); err != nil {
		return nil, fmt.Errorf("%w of %q: %w", ErrSchema, name, err)
	}
	return &Schema{Name: name, top: top}, nil
}

// requireRecords makes the records in f required that do not say otherwise, as
// Kong does with a plugin's schema: it then fills them in where they are not given.
// Those in lists and maps stay as they are.
func (f *field) requireRecords() {
	for _, sub := range f.fields {
		if sub.kind != "record" {
			continue
		}
		if sub.raw["required"] == nil {
			sub.raw["required"] = true
		}
		sub.requireRecords()
	}
}

type parser struct{ faults []error }

func (p *parser) fault(path, format string, args ...any) {
	p.faults = append(p.faults, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
}

// field parses one definition; faults are gathered, and the result can be used
// only where there were none.
func (p *parser) field(v any, path string) *field {
	raw, ok := v.(map[string]any)
	if !ok {
		p.fault(path, "expected a field definition")
		return &field{raw: map[string]any{}}
	}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		if _, known := attributes[name]; !known {
			p.fault(path, "unknown attribute %q", name)
		}
	}
	if d, ok := raw["description"]; ok {
		if text, ok := d.(string); !ok || len(text) < minDescription {
			p.fault(path, "description must have at least %d characters", minDescription)
		}
	}
	kind, _ := raw["type"].(string)
	if kind == "record" {
		return p.record(raw, path)
	}
	f := &field{raw: raw, kind: kind}
	switch kind {
	case "array", "set":
		f.elements = p.field(raw["elements"], path+"[]")
	case "map":
		f.keys, f.values = p.field(raw["keys"], path+".<key>"), p.field(raw["values"], path+".<value>")
	case "string", "number", "integer", "boolean", "foreign":
	default:
		p.fault(path, "invalid type %q", kind)
	}
	p.attributes(f, path)
	return f
}

func (p *parser) record(raw map[string]any, path string) *field {
	f := &field{raw: raw, kind: "record", fields: map[string]*field{}}
	list, ok := raw["fields"].([]any)
	if !ok && len(fmt.Sprint(raw["fields"])) > len("map[]") {
		p.fault(path, "fields must be a list")
	}
	for i, e := range list {
		def, ok := e.(map[string]any)
		if !ok || len(def) != 1 {
			p.fault(join(path, fmt.Sprintf("fields[%d]", i)), "expected one name and its definition")
			continue
		}
		for name, v := range def {
			if f.fields[name] != nil {
				p.fault(join(path, name), "defined twice")
			}
			f.names = append(f.names, name)
			f.fields[name] = p.field(v, join(path, name))
		}
	}
	p.checks(f, raw["entity_checks"], path)
	p.attributes(f, path)
	return f
}

// checks reads entity_checks and makes sure that they name fields of the record.
func (p *parser) checks(f *field, v any, path string) {
	list, ok := v.([]any)
	if v != nil && !ok {
		p.fault(path, "entity_checks must be a list")
	}
	kinds := checkKinds()
	for _, e := range list {
		def, ok := e.(map[string]any)
		if !ok || len(def) != 1 {
			p.fault(path, "an entity check has one name")
			continue
		}
		for name, arg := range def {
			kind, known := kinds[name]
			if !known {
				p.fault(path, "entity check %s: unknown, or not possible in JSON", name)
				continue
			}
			c := check{name, kind, arg}
			names, err := c.fieldNames()
			if err != nil {
				p.fault(path, "entity check %s: %v", name, err)
				continue
			}
			for _, n := range names {
				if f.at(n) == nil {
					p.fault(path, "entity check %s: there is no field %q", name, n)
				}
			}
			f.checks = append(f.checks, c)
		}
	}
}

// at returns the definition of a field by its dotted name.
func (f *field) at(name string) *field {
	for f != nil {
		head, rest, more := cutDot(name)
		f = f.fields[head]
		if !more {
			return f
		}
		name = rest
	}
	return nil
}

// with returns f with some attributes replaced.
func (f *field) with(match map[string]any) (*field, error) {
	raw := maps.Clone(f.raw)
	maps.Copy(raw, match)
	p := &parser{}
	out := p.field(raw, "")
	return out, errors.Join(p.faults...)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

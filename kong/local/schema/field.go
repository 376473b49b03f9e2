package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
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

// field is one field definition; raw holds its attributes.
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

// isAttribute says whether an attribute may stand in a field definition.
func isAttribute(name string) bool {
	return slices.Contains([]string{
		"type", "required", "default", "elements", "keys", "values", "fields", "entity_checks", "description", "referenceable", "encrypted",
	}, name) || slices.Contains(validators(), name)
}

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
		if !isAttribute(name) {
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
	case "string", "number", "integer", "boolean":
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
	for _, e := range list {
		def, ok := e.(map[string]any)
		if !ok || len(def) != 1 {
			p.fault(path, "an entity check has one name")
			continue
		}
		for name, arg := range def {
			fields, _ := arg.([]any)
			switch {
			case !isCheck(name):
				p.fault(path, "entity check %s: unknown, or not possible in JSON", name)
			case len(fields) == 0:
				p.fault(path, "entity check %s: expected a list of field names", name)
			}
			for _, n := range texts(fields) {
				if f.at(n) == nil {
					p.fault(path, "entity check %s: there is no field %q", name, n)
				}
			}
			f.checks = append(f.checks, check{name, texts(fields)})
		}
	}
}

// at returns the definition of a field by its dotted name.
func (f *field) at(name string) *field {
	for f != nil {
		head, rest, more := strings.Cut(name, ".")
		f = f.fields[head]
		if !more {
			return f
		}
		name = rest
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

package schema

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
)

// ErrSchema means that the schema itself is one that Kong would not start with.
var ErrSchema = errors.New("invalid plugin schema")

// minDescription is the least length of a description, in bytes. Kong refuses
// to start with a shorter one.
const minDescription = 10

// Schema is a plugin's schema.
type Schema struct {
	Name   string
	config *field
}

// field is one field definition. These are all the attributes that a schema may
// have: Parse refuses others.
type field struct {
	Type          string                `json:"type"`
	Required      *bool                 `json:"required"`
	Default       any                   `json:"default"`
	Description   *string               `json:"description"`
	Referenceable bool                  `json:"referenceable"`
	Encrypted     bool                  `json:"encrypted"` // has no effect without Kong's keyring
	OneOf         []any                 `json:"one_of"`
	Between       *[2]float64           `json:"between"`
	LenMin        *int                  `json:"len_min"`
	LenMax        *int                  `json:"len_max"`
	MatchNone     []matchRule           `json:"match_none"`
	MatchAny      *matchAny             `json:"match_any"`
	Elements      *field                `json:"elements"`
	Keys          *field                `json:"keys"`
	Values        *field                `json:"values"`
	Fields        []map[string]*field   `json:"fields"`
	EntityChecks  []map[string][]string `json:"entity_checks"`

	names  []string // of a record's fields, in their order
	fields map[string]*field
	checks []check
}

// Parse reads a schema as -dump prints it: {"name", "fields": [{"config": ...}]}.
// The error wraps ErrSchema.
func Parse(text []byte) (*Schema, error) {
	var raw struct {
		Name   string              `json:"name"`
		Fields []map[string]*field `json:"fields"`
	}
	if err := json.Unmarshal(text, &raw, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSchema, err)
	}
	top := &field{Type: "record", Fields: raw.Fields}
	faults := top.prepare("")
	config := top.fields["config"]
	switch {
	case config == nil:
		faults = append(faults, errors.New("config: missing"))
	case config.Type != "record":
		faults = append(faults, errors.New("config: must be a record"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("%w of %q: %w", ErrSchema, raw.Name, err)
	}
	config.Required = new(true)
	config.requireRecords()
	return &Schema{Name: raw.Name, config: config}, nil
}

// requireRecords makes the records in f required that do not say otherwise, as
// Kong does with a plugin's schema: it then fills them in where they are not given.
// Those in lists and maps stay as they are.
func (f *field) requireRecords() {
	for _, sub := range f.fields {
		if sub.Type != "record" {
			continue
		}
		if sub.Required == nil {
			sub.Required = new(true)
		}
		sub.requireRecords()
	}
}

func (f *field) required() bool { return f.Required != nil && *f.Required }

// prepare indexes the fields of f and of all that is in it, and returns what Kong
// would refuse.
func (f *field) prepare(path string) []error {
	if f == nil {
		return []error{fmt.Errorf("%s: expected a field definition", path)}
	}
	var faults []error
	switch f.Type {
	case "array", "set":
		faults = f.Elements.prepare(path + "[]")
	case "map":
		faults = append(f.Keys.prepare(path+".<key>"), f.Values.prepare(path+".<value>")...)
	case "record":
		faults = append(f.prepareFields(path), f.prepareChecks(path)...)
	case "string", "number", "integer", "boolean":
	default:
		faults = append(faults, fmt.Errorf("%s: invalid type %q", path, f.Type))
	}
	if f.Description != nil && len(*f.Description) < minDescription {
		faults = append(faults, fmt.Errorf("%s: description must have at least %d characters", path, minDescription))
	}
	if f.Referenceable && f.Type != "string" {
		faults = append(faults, fmt.Errorf("%s: only strings can be referenceable", path))
	}
	faults = append(faults, f.prepareMatches(path)...)
	if f.OneOf != nil && len(f.OneOf) == 0 {
		faults = append(faults, fmt.Errorf("%s: one_of must not be empty", path))
	}
	if f.Default == nil || len(faults) > 0 {
		return faults
	}
	filled, _ := f.fill(f.Default, true)
	for _, fault := range f.validate(filled, nil) {
		faults = append(faults, fmt.Errorf("%s: default does not pass: %s", path, fault.Message))
	}
	return faults
}

func (f *field) prepareFields(path string) (faults []error) {
	f.fields = map[string]*field{}
	for i, definition := range f.Fields {
		if len(definition) != 1 {
			faults = append(faults, fmt.Errorf("%s: expected one name and its definition", join(path, fmt.Sprintf("fields[%d]", i))))
		}
		for name, sub := range definition {
			if f.fields[name] != nil {
				faults = append(faults, fmt.Errorf("%s: defined twice", join(path, name)))
			}
			faults = append(faults, sub.prepare(join(path, name))...)
			f.names = append(f.names, name)
			f.fields[name] = sub
		}
	}
	return faults
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

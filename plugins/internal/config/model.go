package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
)

type kind uint8

const (
	kindString kind = iota
	kindSecret
	kindBool
	kindInt
	kindArray
	kindMap
	kindRecord
)

// shape says what values of one Go type may be.
type shape struct {
	kind          kind
	optional      bool // a record behind a pointer
	referenceable bool
	tolerant      bool // of an array: secrets in it may be empty beside one that is not
	enum          []string
	format        string // one of formats, "" for none
	min, max      *int64 // inclusive
	minLen        *int   // strings in bytes, arrays and maps in elements
	maxLen        *int
	elem          *shape // of arrays and maps
	record        *record
}

type record struct {
	goType reflect.Type
	fields []*field
	checks []EntityCheck
	// embedded are the index paths of inlined structs, for their Validate.
	embedded [][]int
}

type field struct {
	name     string
	index    []int
	doc      string
	required bool
	def      *node // nil without default
	shape    *shape
}

func (r *record) field(name string) *field {
	for _, f := range r.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

// lookup finds a field by its dotted name.
func (r *record) lookup(name string) *field {
	head, rest, nested := strings.Cut(name, ".")
	f := r.field(head)
	if f == nil || !nested {
		return f
	}
	if f.shape.kind != kindRecord {
		return nil
	}
	return f.shape.record.lookup(rest)
}

// behindOptional reports whether the dotted name leads through a record that may
// be absent.
func (r *record) behindOptional(name string) bool {
	head, rest, nested := strings.Cut(name, ".")
	f := r.field(head)
	if f == nil || !nested || f.shape.kind != kindRecord {
		return false
	}
	return f.shape.optional || f.shape.record.behindOptional(rest)
}

// mustBeGiven reports whether a configuration without this field is a fault: it
// is required itself, or a record that is always there holds one that is.
func (f *field) mustBeGiven() bool {
	if f.required {
		return f.def == nil
	}
	return f.shape.kind == kindRecord && !f.shape.optional &&
		slices.ContainsFunc(f.shape.record.fields, (*field).mustBeGiven)
}

// scalar returns what the value rules of a field apply to: the field itself,
// or the elements of an array or map.
func (s *shape) scalar() *shape {
	for s.elem != nil {
		s = s.elem
	}
	return s
}

var secretType = reflect.TypeFor[Secret]()

// walker builds the model of one struct and collects what is wrong with it.
type walker struct {
	faults []error
	path   []reflect.Type
}

func (w *walker) fault(path, format string, args ...any) {
	w.faults = append(w.faults, fmt.Errorf("%s: %w", pathOrRoot(path), fmt.Errorf(format, args...)))
}

// modelOf returns the model of v, a struct or a pointer to one.
func modelOf(v any) (*record, error) {
	if v == nil {
		return nil, fmt.Errorf("%w: nil", ErrModel)
	}
	return modelOfType(reflect.TypeOf(v))
}

// models keeps what the walk of a type found: a type does not change, and every
// instance of a plugin is decoded by one.
var models sync.Map // reflect.Type -> func() (*record, error)

func modelOfType(t reflect.Type) (*record, error) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	once, ok := models.Load(t)
	if !ok {
		once, _ = models.LoadOrStore(t, sync.OnceValues(func() (*record, error) { return walk(t) }))
	}
	return once.(func() (*record, error))()
}

func walk(t reflect.Type) (*record, error) {
	if t.Kind() != reflect.Struct || t == secretType {
		return nil, fmt.Errorf("%w: %s is no struct", ErrModel, t)
	}
	var w walker
	r := w.record("", t)
	if len(w.faults) > 0 {
		return nil, fmt.Errorf("%w %s:\n%w", ErrModel, t, errors.Join(w.faults...))
	}
	return r, nil
}

func (w *walker) record(path string, t reflect.Type) *record {
	r := &record{goType: t}
	if slices.Contains(w.path, t) {
		w.fault(path, "%s contains itself", t)
		return r
	}
	w.path = append(w.path, t)
	w.fields(path, t, nil, r)
	w.path = w.path[:len(w.path)-1]
	if len(r.fields) == 0 {
		w.fault(path, "%s has no fields", t)
	}
	w.entityChecks(path, r)
	return r
}

func (w *walker) fields(path string, t reflect.Type, index []int, r *record) {
	addChecks(r, t)
	for i := range t.NumField() {
		sf := t.Field(i)
		at := append(slices.Clone(index), i)
		if sf.Anonymous && sf.Tag.Get("json") == "" {
			if sf.Type.Kind() != reflect.Struct || sf.Type == secretType || !sf.IsExported() {
				w.fault(join(path, sf.Name), "only exported structs can be embedded")
				continue
			}
			r.embedded = append(r.embedded, at)
			w.fields(path, sf.Type, at, r)
			continue
		}
		if !sf.IsExported() || sf.Tag.Get("json") == "-" {
			continue
		}
		f := w.field(path, sf)
		f.index = at
		if r.field(f.name) != nil {
			w.fault(join(path, f.name), "the name is used twice")
		}
		r.fields = append(r.fields, f)
	}
}

func (w *walker) shape(path string, t reflect.Type) *shape {
	if t == secretType {
		return &shape{kind: kindSecret, referenceable: true}
	}
	switch t.Kind() {
	case reflect.String:
		return &shape{kind: kindString, enum: enumOf(t)}
	case reflect.Bool:
		return &shape{kind: kindBool}
	case reflect.Int32:
		lo, hi := int64(math.MinInt32), int64(math.MaxInt32)
		return &shape{kind: kindInt, min: &lo, max: &hi}
	case reflect.Int, reflect.Int64:
		if t.PkgPath() == "time" {
			break // its unit would not be seen in the configuration
		}
		return &shape{kind: kindInt}
	case reflect.Slice:
		return &shape{kind: kindArray, elem: w.element(path, t.Elem())}
	case reflect.Map:
		if t.Key().Kind() == reflect.String {
			return &shape{kind: kindMap, elem: w.element(path, t.Elem())}
		}
	case reflect.Struct:
		return &shape{kind: kindRecord, record: w.record(path, t)}
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.Struct && t.Elem() != secretType {
			return &shape{kind: kindRecord, optional: true, record: w.record(path, t.Elem())}
		}
	}
	w.fault(path, "type %s is not supported", t)
	return &shape{kind: kindString}
}

func (w *walker) element(path string, t reflect.Type) *shape {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Uint8 {
		w.fault(path, "elements of type %s are not supported", t)
		return &shape{kind: kindString}
	}
	return w.shape(path+"[]", t)
}

// enumOf asks the type itself for its values.
func enumOf(t reflect.Type) []string {
	if e, ok := reflect.New(t).Interface().(interface{ Enum() []string }); ok {
		return e.Enum()
	}
	return nil
}

// addChecks takes the entity checks of t into r. An embedded struct's method is
// promoted, so the same rule can come twice.
func addChecks(r *record, t reflect.Type) {
	c, ok := reflect.New(t).Interface().(interface{ KongChecks() []EntityCheck })
	if !ok {
		return
	}
	for _, check := range c.KongChecks() {
		same := func(other EntityCheck) bool { return reflect.DeepEqual(check, other) }
		if !slices.ContainsFunc(r.checks, same) {
			r.checks = append(r.checks, check)
		}
	}
}

func (w *walker) entityChecks(path string, r *record) {
	for _, c := range r.checks {
		if err := c.check(); err != nil {
			w.fault(path, "%w", err)
		}
		for _, name := range slices.Concat(c.OnlyOneOf, c.AtLeastOneOf) { // Kong does not run one without all its fields, but fails
			if r.behindOptional(name) {
				w.fault(path, "an entity check needs %q, but its record may be absent, which Kong refuses", name)
			}
		}
		names, _, _, _ := c.counted()
		for _, name := range names {
			f := r.lookup(name)
			if f == nil {
				w.fault(path, "an entity check names the field %q, which there is not", name)
			} else if f.shape.kind == kindRecord && !f.shape.optional {
				w.fault(path, "an entity check names %q, a record that is always set", name)
			}
		}
	}
}

// bounds is the range of a number in words.
func (s *shape) bounds() string {
	switch {
	case *s.max == maxExact:
		return fmt.Sprintf("%d or more", *s.min)
	case *s.min == -maxExact:
		return fmt.Sprintf("%d or less", *s.max)
	default:
		return fmt.Sprintf("%d to %d", *s.min, *s.max)
	}
}

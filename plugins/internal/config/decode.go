package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Errors of this package. Every fault of a configuration is an ErrInvalid.
var (
	// ErrModel says that a Go struct cannot be a configuration; a fault of the program.
	ErrModel = errors.New("not a config struct")
	// ErrSyntax says that a text is not one JSON value within bounds.
	ErrSyntax = errors.New("malformed JSON")
	// ErrInvalid says that a configuration has faults.
	ErrInvalid = errors.New("invalid configuration")
)

// maxFaults bounds the error of a text that is no configuration at all.
const maxFaults = 100

// fault is one thing that is wrong, at the path of a field.
type fault struct {
	path string
	text string
	err  error // of a Validate method, else nil
}

func (f *fault) Error() string { return pathOrRoot(f.path) + ": " + f.text }

func (f *fault) Unwrap() []error {
	if f.err == nil {
		return []error{ErrInvalid}
	}
	return []error{ErrInvalid, f.err}
}

// Decode fills the struct that into points to: its defaults, then data, a JSON
// object as Kong sends it, then the rules of its tags, its entity checks and the
// method Validate() error of every struct in it. Absence and null mean that a
// field is not set. Where something is wrong, into is left as it was and the
// error joins all faults, the first hundred of them, one line each, which starts
// with the field's path.
//
// A Validate method runs once its struct has no other fault. Each line of its
// error gets the struct's path before it, and should start with a field's name.
// It must not repeat the value of a secret.
func Decode(data []byte, into any) error {
	return decode(data, into, decoder{})
}

// DecodePart is Decode for tools that say at once what is wrong: it fills into as far as
// data goes, with the default where a value is wrong, and asks every Validate method.
// Nothing may run with what it fills where it returns an error. Some faults may be those
// of a value that another fault left out.
func DecodePart(data []byte, into any) error {
	return decode(data, into, decoder{part: true})
}

func decode(data []byte, into any, d decoder) error {
	dst := reflect.ValueOf(into)
	if dst.Kind() != reflect.Pointer || dst.IsNil() {
		return fmt.Errorf("%w: Decode needs a pointer to a struct", ErrModel)
	}
	model, err := modelOfType(dst.Type())
	if err != nil {
		return err
	}
	root, err := parse(data)
	if err != nil {
		return errors.Join(&fault{text: err.Error(), err: err})
	}
	if root.kind != '{' {
		return errors.Join(&fault{text: "must be an object, not " + root.kindName()})
	}
	fresh := reflect.New(dst.Type().Elem()).Elem()
	d.record("", model, root, fresh)
	if more := len(d.faults) - maxFaults; more > 0 {
		d.faults = append(d.faults[:maxFaults], &fault{text: fmt.Sprintf("%d more faults", more)})
	}
	if len(d.faults) == 0 || d.part {
		dst.Elem().Set(fresh)
	}
	return errors.Join(d.faults...)
}

type decoder struct {
	faults []error
	part   bool // see DecodePart
	// tolerant is set within a list that may hold empty secrets, whose faults
	// are missing until the list is known to hold another one.
	tolerant bool
	missing  []error
}

func (d *decoder) fault(path, format string, args ...any) {
	d.faults = append(d.faults, &fault{path: path, text: fmt.Sprintf(format, args...)})
}

// record decodes n, nil for a record that is not given, into dst.
func (d *decoder) record(path string, r *record, n *node, dst reflect.Value) {
	before := len(d.faults)
	d.unknownKeys(path, r, n)
	refs := n.get("$refs")
	for _, f := range r.fields {
		d.field(join(path, f.name), f, n.get(f.name), refs.get(f.name), dst.FieldByIndex(f.index))
	}
	for i := range r.checks {
		if text := r.checks[i].violated(r.effective(n)); text != "" {
			d.fault(path, "%s", text)
		}
	}
	if len(d.faults) > before && !d.part {
		return
	}
	d.validate(path, r, dst)
	for _, index := range r.embedded {
		d.validate(path, r, dst.FieldByIndex(index))
	}
}

func (d *decoder) field(path string, f *field, n, ref *node, dst reflect.Value) {
	if n == nil {
		n = f.def
	}
	switch {
	case n != nil:
		before := len(d.faults)
		d.value(path, f.shape, n, ref, dst)
		if len(d.faults) > before && f.def != nil { // only a part's is kept
			dst.SetZero()
			(&decoder{}).value(path, f.shape, f.def, nil, dst)
		}
	case f.required:
		d.fault(path, "is required")
	case f.shape.kind == kindRecord && !f.shape.optional:
		d.record(path, f.shape.record, nil, dst)
	}
}

// effective gives the values of r's fields in n with defaults filled in.
func (r *record) effective(n *node) effective {
	return func(name string) *node {
		head, rest, nested := strings.Cut(name, ".")
		f, value := r.field(head), n.get(head)
		switch {
		case nested && (value != nil || !f.shape.optional):
			return f.shape.record.effective(value)(rest)
		case nested:
			return nil
		case value != nil && f.shape.kind == kindRecord:
			return &node{kind: 't'} // Kong fills a given record, so it is never empty
		case value == nil:
			return f.def
		default:
			return value
		}
	}
}

func (d *decoder) validate(path string, r *record, dst reflect.Value) {
	v, ok := dst.Addr().Interface().(interface{ Validate() error })
	if !ok {
		return
	}
	err := v.Validate()
	if err == nil {
		return
	}
	parts := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		parts = joined.Unwrap()
	}
	for _, part := range parts {
		f := r.placed(path, part)
		same := func(other error) bool { return other.Error() == f.Error() }
		if !slices.ContainsFunc(d.faults, same) { // an embedded struct's Validate is promoted
			d.faults = append(d.faults, f)
		}
	}
}

// placed gives an error of a Validate method its path: that of the field which
// the error's text starts with, else that of the struct.
func (r *record) placed(path string, err error) error {
	text := strings.ReplaceAll(err.Error(), "\n", "; ")
	if at, rest, ok := strings.Cut(text, ": "); ok {
		name := at[:len(at)-len(strings.TrimLeft(at, "abcdefghijklmnopqrstuvwxyz0123456789_"))]
		tail := at[len(name):]
		if r.field(name) != nil && (tail == "" || strings.ContainsRune(".[", rune(tail[0]))) {
			return &fault{path: join(path, at), text: rest, err: err}
		}
	}
	return &fault{path: path, text: text, err: err}
}

package config

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"webhookedge/plugins/internal/placeholder"
)

const vaultPrefix = "{vault://"

func isReference(text string) bool {
	return strings.HasPrefix(text, vaultPrefix) && strings.HasSuffix(text, "}")
}

// value decodes n into dst. ref is what Kong's $refs holds for it: the vault
// reference that the value was taken from.
func (d *decoder) value(path string, s *shape, n, ref *node, dst reflect.Value) {
	switch s.kind {
	case kindString, kindSecret:
		d.text(path, s, n, ref, dst)
	case kindBool:
		if d.wants(path, "a boolean", n, "tf") {
			dst.SetBool(n.kind == 't')
		}
	case kindInt:
		d.integer(path, s, n, dst)
	case kindArray:
		d.array(path, s, n, ref, dst)
	case kindMap:
		d.mapping(path, s, n, ref, dst)
	case kindRecord:
		if !d.wants(path, "an object", n, "{") {
			return
		}
		if s.optional {
			dst.Set(reflect.New(dst.Type().Elem()))
			dst = dst.Elem()
		}
		d.record(path, s.record, n, dst)
	}
}

func (d *decoder) wants(path, what string, n *node, kinds string) bool {
	if strings.IndexByte(kinds, byte(n.kind)) >= 0 {
		return true
	}
	d.fault(path, "must be %s, not %s", what, n.kindName())
	return false
}

func (d *decoder) text(path string, s *shape, n, ref *node, dst reflect.Value) {
	if !d.wants(path, "a string", n, `"`) {
		return
	}
	mayBeEmpty := s.minLen != nil && *s.minLen == 0
	switch {
	case n.text == "" && !mayBeEmpty:
		d.empty(path, s, ref, dst)
		return
	case isReference(n.text) && s.referenceable:
		d.fault(path, "still holds the text of a vault reference: nothing resolved it")
		return
	case isReference(n.text):
		d.fault(path, "holds a vault reference, which Kong does not resolve in this field")
		return
	case (s.kind == kindSecret || s.referenceable) && placeholder.Is(n.text):
		d.fault(path, placeholder.Why)
		return
	case len(s.enum) > 0 && !slices.Contains(s.enum, n.text):
		d.fault(path, "must be one of %s%s", strings.Join(s.enum, ", "), suggestion(n.text, s.enum))
		return
	}
	d.length(path, s, len(n.text), "bytes")
	if s.kind == kindSecret {
		dst.Set(reflect.ValueOf(NewSecret(n.text)))
		return
	}
	dst.SetString(n.text)
}

// empty takes note of a text that must not be empty.
func (d *decoder) empty(path string, s *shape, ref *node, dst reflect.Value) {
	why := "must not be empty"
	if ref != nil && isReference(ref.text) {
		why = "the vault reference " + bounded(ref.text) + " did not resolve"
	}
	if d.tolerant && s.kind == kindSecret {
		d.missing = append(d.missing, &fault{path: path, text: why})
		dst.Set(reflect.ValueOf(Secret{missing: &why}))
		return
	}
	d.fault(path, "%s", why)
}

func (d *decoder) length(path string, s *shape, n int, unit string) {
	if s.minLen != nil && n < *s.minLen {
		d.fault(path, "must have at least %d %s, has %d", *s.minLen, unit, n)
	}
	if s.maxLen != nil && n > *s.maxLen {
		d.fault(path, "must have at most %d %s, has %d", *s.maxLen, unit, n)
	}
}

func (d *decoder) integer(path string, s *shape, n *node, dst reflect.Value) {
	if !d.wants(path, "an integer", n, "0") {
		return
	}
	i, err := parseInt(n.text)
	switch {
	case err != nil:
		d.fault(path, "must be an integer within 2^53")
	case dst.OverflowInt(i) || i > maxExact || i < -maxExact:
		d.fault(path, "must be an integer within %d bits", min(dst.Type().Bits(), 53))
	case s.min != nil && (i < *s.min || i > *s.max):
		d.fault(path, "must be %s", s.bounds())
	default:
		dst.SetInt(i)
	}
}

// array accepts {} for []: Lua has one empty table for both.
func (d *decoder) array(path string, s *shape, n, ref *node, dst reflect.Value) {
	if (n.kind != '{' || len(n.members) != 0) && !d.wants(path, "an array", n, "[") {
		return
	}
	d.length(path, s, len(n.items), "elements")
	out := reflect.MakeSlice(dst.Type(), len(n.items), len(n.items))
	if s.tolerant {
		d.tolerant = true
		defer d.settle(len(n.items), len(d.faults))
	}
	for i, item := range n.items {
		at := path + "[" + strconv.Itoa(i) + "]"
		if item.kind == 'n' {
			d.fault(at, "must not be null")
			continue
		}
		d.value(at, s.elem, item, ref.element(i), out.Index(i))
	}
	dst.Set(out)
}

// settle ends a tolerant list: its missing secrets are faults where all are missing,
// and where something else is wrong with the list, so that all of it is reported.
func (d *decoder) settle(elements, faultsBefore int) {
	if len(d.missing) == elements || len(d.faults) > faultsBefore {
		d.faults = append(d.faults, d.missing...)
	}
	d.tolerant, d.missing = false, nil
}

// element finds the reference of the i-th element. Lua arrays with holes, where
// only some elements are references, come as objects whose keys count from 1.
func (n *node) element(i int) *node {
	if n != nil && i < len(n.items) {
		return n.items[i]
	}
	return n.get(strconv.Itoa(i + 1))
}

func (d *decoder) mapping(path string, s *shape, n, ref *node, dst reflect.Value) {
	if !d.wants(path, "an object", n, "{") {
		return
	}
	out := reflect.MakeMapWithSize(dst.Type(), len(n.members))
	count := 0
	for _, m := range n.members {
		if m.key == "$refs" {
			continue
		}
		count++
		at := join(path, bounded(m.key))
		if m.key == "" {
			d.fault(path, "must not have an empty key")
			continue
		}
		value := reflect.New(dst.Type().Elem()).Elem()
		d.value(at, s.elem, m.value, ref.get(m.key), value)
		out.SetMapIndex(reflect.ValueOf(m.key).Convert(dst.Type().Key()), value)
	}
	d.length(path, s, count, "entries")
	dst.Set(out)
}

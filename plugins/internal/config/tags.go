package config

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kong 3.9's meta-schema (kong/db/schema/metaschema.lua) bounds descriptions.
const (
	minDoc = 10
	maxDoc = 500
)

// maxExact is the largest integer below which a Lua number, a double, is exact.
const maxExact = 1<<53 - 1

// knownTags are the keys that a field's tag may have; another is a typo, which
// would silently drop a rule.
var knownTags = [...]string{
	"json", "yaml", "doc", "default", "required", "enum", "min", "max", "minlen", "maxlen", "secret", "referenceable", "tolerant", "format",
}

var (
	fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	tagKey    = regexp.MustCompile(`^\s*([^\s":]+):("(?:[^"\\]|\\.)*")`)
)

func (w *walker) field(path string, sf reflect.StructField) *field {
	name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
	f := &field{name: name, doc: sf.Tag.Get("doc")}
	if !fieldName.MatchString(name) {
		w.fault(join(path, sf.Name), "its json tag must name it in lower case, digits and _")
		f.name = sf.Name
	}
	path = join(path, f.name)
	w.tagKeys(path, string(sf.Tag))
	if len(f.doc) < minDoc || len(f.doc) > maxDoc {
		w.fault(path, "its doc tag must have %d to %d characters", minDoc, maxDoc)
	}
	f.shape = w.shape(path, sf.Type)
	f.required = w.flag(path, sf, "required")
	if f.shape.kind == kindRecord {
		if f.required && f.shape.optional {
			w.fault(path, "a record behind a pointer cannot be required: Kong would fill it in")
		}
		f.required = false // for the same reason, only its fields can be missing
	}
	w.lengths(path, sf, f.shape)
	w.values(path, sf, f.shape.scalar())
	w.tolerance(path, sf, f.shape)
	w.defaultValue(path, sf, f)
	return f
}

func (w *walker) tagKeys(path, tag string) {
	for tag != "" {
		m := tagKey.FindStringSubmatch(tag)
		if m == nil {
			w.fault(path, "its tag is malformed")
			return
		}
		if !slices.Contains(knownTags[:], m[1]) {
			w.fault(path, "unknown tag %q", m[1])
		}
		tag = strings.TrimLeft(tag[len(m[0]):], " ")
	}
}

func (w *walker) flag(path string, sf reflect.StructField, key string) bool {
	switch sf.Tag.Get(key) {
	case "true":
		return true
	case "":
		return false
	default:
		w.fault(path, `its %s tag must be "true" or not be there`, key)
		return false
	}
}

func (w *walker) lengths(path string, sf reflect.StructField, s *shape) {
	read := func(key string) *int {
		text, ok := sf.Tag.Lookup(key)
		if !ok {
			return nil
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			w.fault(path, "its %s tag must be a whole number, 0 or more", key)
		}
		if s.kind == kindBool || s.kind == kindInt || s.kind == kindRecord {
			w.fault(path, "only strings, arrays and maps have a %s", key)
		}
		return &n
	}
	s.minLen, s.maxLen = read("minlen"), read("maxlen")
	if s.minLen != nil && s.maxLen != nil && *s.minLen > *s.maxLen {
		w.fault(path, "its minlen is above its maxlen")
	}
}

// values reads the rules that apply to each value of an array or map.
func (w *walker) values(path string, sf reflect.StructField, s *shape) {
	if w.flag(path, sf, "secret") && s.kind != kindSecret {
		w.fault(path, "a secret must have the type config.Secret")
	}
	if w.flag(path, sf, "referenceable") {
		if s.kind != kindString && s.kind != kindSecret {
			w.fault(path, "only strings can be referenceable")
		}
		s.referenceable = true
	}
	if enum, ok := sf.Tag.Lookup("enum"); ok {
		if s.kind != kindString {
			w.fault(path, "only strings can have an enum")
		}
		s.enum = strings.Split(enum, ",")
	}
	if name, ok := sf.Tag.Lookup("format"); ok {
		if s.kind != kindString && s.kind != kindSecret {
			w.fault(path, "only strings can have a format")
		}
		if _, known := formats()[name]; !known {
			w.fault(path, "there is no format %q", name)
		}
		s.format = name
	}
	w.bounds(path, sf, s)
}

// tolerance reads the rule of a list that goes on without those of its secrets that
// are empty.
func (w *walker) tolerance(path string, sf reflect.StructField, s *shape) {
	s.tolerant = w.flag(path, sf, "tolerant")
	if s.tolerant && (s.kind != kindArray || !s.elem.holdsOneSecret()) {
		w.fault(path, "only a list whose elements hold one required secret each can be tolerant")
	}
}

func (s *shape) holdsOneSecret() bool {
	if s.kind != kindRecord {
		return s.kind == kindSecret
	}
	secrets := 0
	for _, f := range s.record.fields {
		switch f.shape.scalar().kind {
		case kindRecord:
			return false
		case kindSecret:
			if secrets++; !f.required || f.shape.kind != kindSecret {
				return false
			}
		}
	}
	return secrets == 1
}

func (w *walker) bounds(path string, sf reflect.StructField, s *shape) {
	read := func(key string, other int64) *int64 {
		text, ok := sf.Tag.Lookup(key)
		if !ok {
			return &other
		}
		n, err := parseInt(text)
		if err != nil || n > maxExact || n < -maxExact {
			w.fault(path, "its %s tag must be an integer within 2^53", key)
		}
		return &n
	}
	_, hasMin := sf.Tag.Lookup("min")
	_, hasMax := sf.Tag.Lookup("max")
	if !hasMin && !hasMax {
		return
	}
	if s.kind != kindInt {
		w.fault(path, "only numbers have a min and a max")
	}
	// Kong has no rule with one inclusive bound, so the other one is the largest possible.
	s.min, s.max = read("min", -maxExact), read("max", maxExact)
	if *s.min > *s.max {
		w.fault(path, "its min is above its max")
	}
}

func (w *walker) defaultValue(path string, sf reflect.StructField, f *field) {
	text, ok := sf.Tag.Lookup("default")
	if !ok {
		return
	}
	switch f.shape.kind {
	case kindString:
		f.def = &node{kind: '"', text: text}
	case kindSecret, kindRecord:
		w.fault(path, "secrets and records cannot have a default")
		return
	default:
		def, err := parse([]byte(text))
		if err != nil {
			w.fault(path, "its default is no JSON: %w", err)
			return
		}
		f.def = def
	}
	if f.required {
		w.fault(path, "a field with a default cannot be required")
	}
	var d decoder
	d.value(path+" (default)", f.shape, f.def, nil, reflect.New(sf.Type).Elem())
	w.faults = append(w.faults, d.faults...)
}

// parseInt reads an integer, also as Lua writes it, which knows one type of number: 5.0
// and 1e3.
func parseInt(text string) (int64, error) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Trunc(f) != f || math.Abs(f) > maxExact {
		return 0, fmt.Errorf("%w: no integer", ErrModel)
	}
	return int64(f), nil
}

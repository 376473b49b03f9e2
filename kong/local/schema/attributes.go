package schema

import "encoding/json"

// attributes checks that the arguments of a field's validators have the types
// that they need, so that validation itself cannot go wrong.
func (p *parser) attributes(f *field, path string) {
	for name, v := range f.raw {
		ok := true
		switch name {
		case "len_min", "len_max":
			ok = isNumber(v)
		case "between":
			list, isList := v.([]any)
			ok = isList && len(list) == 2 && isNumber(list[0]) && isNumber(list[1])
		case "one_of":
			var list []any
			list, ok = v.([]any)
			ok = ok && len(list) > 0
		case "match":
			text, isText := v.(string)
			ok = isText && checkPattern(text) == nil
		case "required", "referenceable", "encrypted":
			_, ok = v.(bool)
		}
		if !ok {
			p.fault(path, "attribute %q has an argument that does not fit", name)
		}
	}
	if f.flag("referenceable") && f.kind != "string" {
		p.fault(path, "only strings can be referenceable")
	}
	p.fallback(f, path)
}

// fallback checks the default against the field's type.
func (p *parser) fallback(f *field, path string) {
	v, ok := f.raw["default"]
	if !ok || v == nil || len(p.faults) > 0 {
		return
	}
	for _, e := range f.validate(f.fill(clean(v), true), nil) {
		p.fault(path, "default does not pass: %s", e.Message)
	}
}

func isNumber(v any) bool { _, ok := toNumber(v); return ok }

// flag reads a boolean attribute.
func (f *field) flag(name string) bool { v, _ := f.raw[name].(bool); return v }

// toNumber reads any kind of number.
func toNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case int:
		return float64(v), true
	case json.Number:
		n, err := v.Float64()
		return n, err == nil
	}
	return 0, false
}

// clean copies a JSON value and turns its numbers into int64 or float64.
func clean(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		n, _ := v.Float64()
		return n
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clean(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = clean(e)
		}
		return out
	}
	return v
}

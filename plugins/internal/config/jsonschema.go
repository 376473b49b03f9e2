package config

import (
	"bytes"
	"encoding/json"
)

const vaultPattern = `^\{vault://.+\}$`

// JSONSchema returns a JSON Schema of Draft 2020-12 for the configuration as an
// engineer writes it, indented, with a line feed at its end. v is the config struct
// or a pointer to it. The error is an ErrModel.
//
// It differs from Decode where Kong stands between the two: it lets vault
// references pass in fields that can hold one, and knows neither null nor the
// keys that Kong adds. Lengths count characters here and bytes in Decode and Kong.
// The rules of Validate methods cannot be expressed in it.
func JSONSchema(id, title string, v any) ([]byte, error) {
	model, err := modelOf(v)
	if err != nil {
		return nil, err
	}
	root := object{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", id}, {"title", title}}
	compact, err := encode(append(root, schemaRecord(model)...))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, compact, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

func schemaRecord(r *record) object {
	properties, required := object{}, []string{}
	for _, f := range r.fields {
		schema := append(object{{"description", f.doc}}, schemaShape(f.shape)...)
		if f.def != nil {
			schema.add("default", f.shape.literal(f.def))
		}
		properties.add(f.name, schema)
		if f.mustBeGiven() {
			required = append(required, f.name)
		}
	}
	out := object{{"type", "object"}, {"additionalProperties", false}, {"properties", properties}}
	if len(required) > 0 {
		out.add("required", required)
	}
	rules := make([]object, 0, len(r.checks))
	for i := range r.checks {
		rules = append(rules, schemaCheck(r, &r.checks[i]))
	}
	if len(rules) > 0 {
		out.add("allOf", rules)
	}
	return out
}

func schemaShape(s *shape) object {
	switch s.kind {
	case kindString, kindSecret:
		return schemaString(s)
	case kindBool:
		return object{{"type", "boolean"}}
	case kindInt:
		out := object{{"type", kongType(s)}}
		if s.min != nil {
			out.add("minimum", *s.min)
			out.add("maximum", *s.max)
		}
		return out
	case kindArray:
		out := object{{"type", "array"}, {"items", schemaShape(s.elem)}}
		return append(out, schemaLengths(s, "minItems", "maxItems")...)
	case kindMap:
		out := object{{"type", "object"}, {"propertyNames", object{{"minLength", 1}}}, {"additionalProperties", schemaShape(s.elem)}}
		return append(out, schemaLengths(s, "minProperties", "maxProperties")...)
	default:
		return schemaRecord(s.record)
	}
}

func schemaString(s *shape) object {
	out := object{{"type", "string"}}
	if s.kind == kindSecret {
		out.add("writeOnly", true)
	}
	rules := schemaLengths(s, "minLength", "maxLength")
	if s.minLen == nil {
		rules = append(object{{"minLength", 1}}, rules...)
	}
	if len(s.enum) > 0 {
		rules.add("enum", s.enum)
	}
	if s.referenceable && len(rules) > 0 && (s.minLen != nil || s.maxLen != nil || len(s.enum) > 0) {
		out.add("anyOf", []object{{{"pattern", vaultPattern}}, rules})
		return out
	}
	return append(out, rules...)
}

func schemaLengths(s *shape, lo, hi string) object {
	var out object
	if s.minLen != nil {
		out.add(lo, *s.minLen)
	}
	if s.maxLen != nil {
		out.add(hi, *s.maxLen)
	}
	return out
}

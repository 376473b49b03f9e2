package config

import "fmt"

// KongSchema returns the schema of the plugin in Kong's own schema language, as
// its meta-schema of 3.9 (kong/db/schema/metaschema.lua) takes it, for the
// "Schema" of a plugin server's -dump. v is the config struct or a pointer to it.
// The error is an ErrModel.
//
// Every record that is not a pointer is required, which makes Kong fill in its
// defaults where the whole record is not given. One behind a pointer says that it
// is not: Kong takes a record of a plugin's schema that says nothing for required
// (kong/db/schema/entity.lua, make_records_required).
func KongSchema(plugin string, v any) ([]byte, error) {
	if plugin == "" {
		return nil, fmt.Errorf("%w: a Kong schema needs the plugin's name", ErrModel)
	}
	model, err := modelOf(v)
	if err != nil {
		return nil, err
	}
	config := object{{"type", "record"}, {"required", true}}
	config = append(config, kongRecord(model)...)
	return encode(object{
		{"name", plugin},
		{"fields", []object{{{"protocols", kongProtocols()}}, {{"config", config}}}},
	})
}

// kongProtocols keeps the plugin off stream and gRPC routes, where there is no
// webhook to verify.
func kongProtocols() object {
	protocols := []string{"http", "https"}
	return object{
		{"type", "set"},
		{"required", true},
		{"default", protocols},
		{"elements", object{{"type", "string"}, {"one_of", protocols}}},
	}
}

func kongRecord(r *record) object {
	fields := make([]object, 0, len(r.fields))
	for _, f := range r.fields {
		fields = append(fields, object{{f.name, kongField(f)}})
	}
	out := object{{"fields", fields}}
	if len(r.checks) > 0 {
		out.add("entity_checks", r.checks)
	}
	return out
}

func kongField(f *field) object {
	out := object{{"type", kongType(f.shape)}, {"description", f.doc}}
	switch {
	case f.shape.kind == kindRecord:
		out.add("required", !f.shape.optional)
	case f.required:
		out.add("required", true)
	}
	if f.def != nil {
		out.add("default", f.shape.literal(f.def))
	}
	return append(out, kongRules(f.shape)...)
}

func kongType(s *shape) string {
	return [...]string{
		kindString: "string", kindSecret: "string", kindBool: "boolean", kindInt: "integer",
		kindArray: "array", kindMap: "map", kindRecord: "record",
	}[s.kind]
}

// kongRules are the attributes of s but its type.
func kongRules(s *shape) object {
	var out object
	if len(s.enum) > 0 {
		out.add("one_of", s.enum)
	}
	if s.min != nil {
		out.add("between", []int64{*s.min, *s.max})
	}
	if s.minLen != nil {
		out.add("len_min", *s.minLen)
	}
	if s.maxLen != nil {
		out.add("len_max", *s.maxLen)
	}
	out = append(out, s.kongFormat()...)
	if s.referenceable {
		out.add("referenceable", true)
	}
	switch s.kind {
	case kindSecret:
		out.add("encrypted", true)
	case kindArray:
		out.add("elements", kongElement(s.elem))
	case kindMap:
		out.add("keys", object{{"type", "string"}})
		out.add("values", kongElement(s.elem))
	case kindRecord:
		out = append(out, kongRecord(s.record)...)
	}
	return out
}

func kongElement(s *shape) object {
	return append(object{{"type", kongType(s)}}, kongRules(s)...)
}

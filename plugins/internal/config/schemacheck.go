package config

// schemaCheck expresses an entity check in JSON Schema.
func schemaCheck(r *record, c *EntityCheck) object {
	if c.Conditional != nil {
		return object{
			{"if", schemaMatch(r, c.Conditional.IfField, c.Conditional.IfMatch)},
			{"then", schemaMatch(r, c.Conditional.ThenField, c.Conditional.ThenMatch)},
		}
	}
	names, _, _, _ := c.counted()
	set := make([]object, 0, len(names)+1)
	for _, name := range names {
		set = append(set, schemaSet(r, name))
	}
	none := object{{"not", object{{"anyOf", set}}}}
	switch {
	case c.AtLeastOneOf != nil:
		return object{{"anyOf", set}}
	case c.OnlyOneOf != nil:
		return object{{"oneOf", set}}
	case c.MutuallyExclusive != nil:
		return object{{"oneOf", append(set[:len(set):len(set)], none)}}
	default:
		return object{{"oneOf", []object{{{"allOf", set}}, none}}}
	}
}

// schemaSet holds where the field counts as set.
func schemaSet(r *record, name string) object {
	return schemaAt(r, name,
		object{{"not", object{{"enum", []any{"", []any{}, object{}}}}}},
		nonEmpty)
}

func schemaMatch(r *record, name string, m Match) object {
	var value object
	if m.Eq != nil {
		value.add("const", m.Eq)
	}
	if len(m.OneOf) > 0 {
		value.add("enum", m.OneOf)
	}
	return schemaAt(r, name, value, m.holds)
}

// schemaAt holds where the field's value satisfies the schema, or where it is
// absent and its default, nil for none, passes.
func schemaAt(r *record, name string, value object, passes func(*node) bool) object {
	head, rest, nested := cutDot(name)
	f := r.field(head)
	absent := r.effective(nil)(name)
	if nested {
		value = schemaAt(f.shape.record, rest, value, passes)
	} else if f.shape.kind == kindRecord {
		value = object{} // Kong fills a given record, so it is never empty
	}
	out := object{}
	if !passes(absent) {
		out.add("required", []string{head})
	}
	out.add("properties", object{{head, value}})
	return out
}

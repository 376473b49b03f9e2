package config

import "strings"

// schemaCheck expresses an entity check in JSON Schema.
func schemaCheck(r *record, c *EntityCheck) object {
	names, _, _, _ := c.counted()
	set := make([]object, 0, len(names)+1)
	for _, name := range names {
		set = append(set, schemaSet(r, name))
	}
	none := object{{"not", object{{"anyOf", set}}}}
	switch {
	case c.OnlyOneOf != nil:
		return object{{"oneOf", set}}
	case c.AtLeastOneOf != nil:
		return object{{"anyOf", set}}
	case c.MutuallyExclusive != nil:
		return object{{"oneOf", append(set[:len(set):len(set)], none)}}
	default:
		return object{{"oneOf", []object{{{"allOf", set}}, none}}}
	}
}

// schemaSet holds where the field counts as set, or where it is absent and its
// default does.
func schemaSet(r *record, name string) object {
	head, rest, nested := strings.Cut(name, ".")
	f := r.field(head)
	value := object{{"not", object{{"enum", []any{"", []any{}, object{}}}}}}
	if nested {
		value = schemaSet(f.shape.record, rest)
	} else if f.shape.kind == kindRecord {
		value = object{} // Kong fills a given record, so it is never empty
	}
	out := object{}
	if !nonEmpty(r.effective(nil)(name)) {
		out.add("required", []string{head})
	}
	out.add("properties", object{{head, value}})
	return out
}

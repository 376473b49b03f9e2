package typegen

import "slices"

// merged is what a schema says with all that it refers to and consists of.
type merged struct {
	kinds      []string // sorted; none where nothing is known
	properties map[string][]any
	required   map[string]bool
	items      any
	additional any
	enum       []string // of a string
	said       map[string]any
}

func (m *merged) isObject() bool { return slices.Equal(m.kinds, []string{"object"}) }

// kind is the one type of JSON that it has beside null, "" where it has none or several.
func (m *merged) kind() (kind string, nullable bool) {
	kinds := slices.DeleteFunc(slices.Clone(m.kinds), func(kind string) bool { return kind == "null" })
	nullable = len(kinds) < len(m.kinds)
	switch {
	case len(kinds) == 1:
		return kinds[0], nullable
	case slices.Equal(kinds, []string{"integer", "number"}):
		return "number", nullable
	}
	return "", nullable
}

// merge follows references, allOf and unions. Members that only branches of a union have
// are optional; a union of other things has the types of all of them.
func (g *golang) merge(schema any) *merged {
	m := &merged{properties: map[string][]any{}, required: map[string]bool{}}
	m.kinds = g.add(m, schema, true, map[string]bool{})
	slices.Sort(m.kinds)
	m.kinds = slices.Compact(m.kinds)
	return m
}

// add adds a schema, whose types it returns. One that must hold says what is required.
func (g *golang) add(m *merged, schema any, must bool, seen map[string]bool) (kinds []string) {
	s := object(schema)
	if ref, ok := s["$ref"].(string); ok {
		if seen[ref] || len(seen) > maxNested {
			return nil
		}
		seen[ref] = true
		return g.add(m, g.src.at(ref), must, seen)
	}
	if m.said == nil {
		m.said = s
	}
	kinds = slices.Clone(typesOf(s))
	for _, value := range g.values(m, s) {
		if !slices.Contains(kinds, value) && len(texts(s["type"])) == 0 {
			kinds = append(kinds, value)
		}
	}
	m.members(s, must)
	for _, part := range list(s["allOf"]) {
		if more := g.add(m, part, must, seen); len(kinds) == 0 {
			kinds = more
		}
	}
	return append(kinds, g.union(m, s, kinds, seen)...)
}

// members adds what a schema says of the members of objects and the items of lists.
func (m *merged) members(s map[string]any, must bool) {
	for name, property := range object(s["properties"]) {
		m.properties[name] = append(m.properties[name], property)
	}
	for _, name := range texts(s["required"]) {
		if _, there := m.properties[name]; !there && must {
			m.properties[name] = append(m.properties[name], true)
		}
		m.required[name] = m.required[name] || must
	}
	if items, ok := s["items"]; ok && s["prefixItems"] == nil && m.items == nil {
		m.items = items
		if list(items) != nil {
			m.items = true
		}
	}
	if m.additional == nil {
		m.additional = s["additionalProperties"]
	}
}

// union adds the branches of a union. Where the schema beside it says the type, they only
// say more of that.
func (g *golang) union(m *merged, s map[string]any, said []string, seen map[string]bool) (kinds []string) {
	for _, branch := range branches(s) {
		of := g.add(m, branch, false, seen)
		switch {
		case len(said) > 0:
		case len(of) == 0:
			kinds = append(kinds, "unknown") // anything
		default:
			kinds = append(kinds, of...)
		}
	}
	return kinds
}

// wrapped returns the schema that another one only annotates, or makes nullable; nil where
// it does more.
func (g *golang) wrapped(schema any) (inner any, nullable bool) {
	keyword := ""
	for k := range object(schema) {
		switch {
		case k == "allOf" || k == "anyOf" || k == "oneOf":
			if keyword != "" {
				return nil, false
			}
			keyword = k
		case !slices.Contains([]string{"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"}, k):
			return nil, false
		}
	}
	for _, part := range list(object(schema)[keyword]) {
		switch {
		case keyword != "allOf" && slices.Equal(texts(object(part)["type"]), []string{"null"}):
			nullable = true
		case inner != nil:
			return nil, false
		default:
			inner = part
		}
	}
	return inner, nullable
}

// values adds the strings that a schema lists, and returns the types of all values.
func (g *golang) values(m *merged, s map[string]any) (kinds []string) {
	values := list(s["enum"])
	if value, ok := s["const"]; ok {
		return []string{kindOf(value)}
	}
	var all []string
	for _, value := range values {
		kinds = append(kinds, kindOf(value))
		if text, ok := value.(string); ok && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	if len(all) <= maxEnum {
		m.enum = all
	}
	return kinds
}

// kindOf is the type of a value of JSON.
func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case nil:
		return "null"
	case []any:
		return "array"
	}
	return "object"
}

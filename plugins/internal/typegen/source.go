package typegen

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"webhookedge/plugins/internal/payloadschema"
)

// ErrTooLarge is a set of schemas of which more code would be made than is of use.
var ErrTooLarge = errors.New("the schemas make too many types")

const (
	maxTypes   = 5_000
	maxMembers = 100_000 // of all types
	maxEnum    = 200     // values that are written out
	maxNested  = 32      // references that are followed to merge types
	maxComment = 300     // bytes
)

const defs = "#/$defs/"

// Source is what types are made of.
type Source struct {
	provider string
	events   []string       // <event> or <event>.<action>, sorted
	schemas  map[string]any // by name below $defs
}

// New returns the source of some of a provider's events, by the names of their schemas out
// of docs. The error is that of [payloadschema.Bundle].
func New(provider string, docs []payloadschema.Document, events []string) (*Source, error) {
	s := &Source{provider: provider, events: events}
	envelope, err := payloadschema.Event()
	if err != nil {
		return nil, err
	}
	if s.schemas, err = payloadschema.Bundle([]payloadschema.Document{envelope}, defs, func(string) string { return "edge_event" }); err != nil {
		return nil, err
	}
	payloads, err := payloadschema.Bundle(docs, defs, s.name)
	maps.Copy(s.schemas, payloads)
	return s, err
}

// name is where the schema of an event stands below $defs: a token that needs no escape.
func (s *Source) name(event string) string {
	escape := func(text string) string { return fmt.Sprintf("%%%X", text) }
	return regexp.MustCompile(`[^A-Za-z0-9_.-]`).ReplaceAllStringFunc(s.provider+"."+event, escape)
}

// JSONSchema returns a JSON Schema (Draft 2020-12) of the events in structured mode, with
// all that it refers to.
func (s *Source) JSONSchema() ([]byte, error) {
	is := func(properties map[string]any) map[string]any {
		properties["provider"] = map[string]any{"const": s.provider}
		return map[string]any{"allOf": []any{map[string]any{"$ref": defs + "edge_event"}, map[string]any{"properties": properties}}}
	}
	var all []any
	for _, event := range s.events {
		all = append(all, is(map[string]any{
			"type": map[string]any{"pattern": "^" + regexp.QuoteMeta(s.provider+"."+event) + `(\.|$)`},
			"data": map[string]any{"$ref": defs + s.name(event)},
		}))
	}
	if len(all) == 0 {
		all = append(all, is(map[string]any{}))
	}
	text, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Events of " + s.provider, "anyOf": all, "$defs": s.schemas,
	}, "", "  ")
	return append(text, '\n'), err
}

// at returns the schema to which a reference of the bundle leads.
func (s *Source) at(ref string) any {
	var at any = map[string]any{"$defs": s.schemas}
	for token := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch of := at.(type) {
		case map[string]any:
			at = of[token]
		case []any:
			n, err := strconv.Atoi(token)
			if err != nil || n < 0 || n >= len(of) {
				return true
			}
			at = of[n]
		default:
			return true // nothing is said of it
		}
	}
	return at
}

// cyclic reports whether a reference leads to itself, with no member of an object and no
// item of a list between.
func (s *Source) cyclic(ref string) bool {
	seen := map[string]bool{}
	var leads func(schema any) bool
	leads = func(schema any) bool {
		of := object(schema)
		if to, ok := of["$ref"].(string); ok {
			if to == ref {
				return true
			}
			if seen[to] {
				return false
			}
			seen[to] = true
			return leads(s.at(to))
		}
		return slices.ContainsFunc(slices.Concat(list(of["allOf"]), branches(of)), leads)
	}
	return leads(s.at(ref))
}

// object returns a schema that is an object.
func object(schema any) map[string]any {
	s, _ := schema.(map[string]any)
	return s
}

func list(value any) []any {
	l, _ := value.([]any)
	return l
}

// texts are the strings of a value that is one or a list of them.
func texts(value any) (all []string) {
	if one, ok := value.(string); ok {
		return []string{one}
	}
	for _, item := range list(value) {
		if text, ok := item.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

// typesOf are the types that a schema names, or that its keywords speak of.
func typesOf(s map[string]any) []string {
	if all := texts(s["type"]); len(all) > 0 {
		return all
	}
	for _, keyword := range []string{"properties", "required", "additionalProperties", "patternProperties"} {
		if _, there := s[keyword]; there {
			return []string{"object"}
		}
	}
	for _, keyword := range []string{"items", "prefixItems"} {
		if _, there := s[keyword]; there {
			return []string{"array"}
		}
	}
	return nil
}

// branches are the schemas of a union.
func branches(s map[string]any) []any {
	return slices.Concat(list(s["anyOf"]), list(s["oneOf"]))
}

// comment is the description of a schema in one line, of which nothing ends a comment.
func comment(schema any) string {
	s := object(schema)
	text, _ := s["description"].(string)
	if title, ok := s["title"].(string); ok && text == "" {
		text = title
	}
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7F || r >= 0x80 && r < 0xA0 || r == 0x2028 || r == 0x2029 }), " ")
	if len(text) > maxComment {
		text = strings.ToValidUTF8(text[:maxComment], "") + "..."
	}
	return strings.ReplaceAll(text, "*/", "* /")
}

package payloadschema

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"webhookedge/plugins/internal/schemas"
)

// Document is the schema of an event as it was written.
type Document struct {
	Event string // of its provider: <event> or <event>.<action>
	ID    string // as [Schema.ID]
	value any
	from  file
}

// Documents returns the schemas of a provider's events by the name of the event, sorted:
// the built-in ones, and those of a directory, unless it is "", before them. The errors
// are those of [Store.Open].
func Documents(provider, directory string) ([]Document, error) {
	files, err := read(schemas.Payloads())
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(f file) bool { return f.provider != provider })
	if directory != "" {
		own, err := read(os.DirFS(directory))
		if err != nil {
			return nil, err
		}
		files = append(files, own...)
	}
	last, of := map[string]file{}, map[string]file{}
	for _, f := range files {
		last[f.at()] = f
		if f.provider == provider {
			of[f.event] = f
		}
	}
	all, err := compile(slices.Collect(maps.Values(last)))
	if err != nil {
		return nil, err
	}
	var docs []Document
	for _, event := range slices.Sorted(maps.Keys(of)) {
		d := Document{Event: event, ID: all[provider][event].ID(), from: of[event]}
		if err := json.Unmarshal(d.from.text, &d.value); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrSchema, err)
		}
		docs = append(docs, d)
	}
	return docs, nil
}

// maxNested bounds how deep schemas are nested.
const maxNested = 64

// Bundle returns schemas to put into one document, by the names that name gives to their
// events: each reference leads from at, a JSON pointer that ends in a slash, to one of
// them. A reference with siblings is put into an allOf, since Draft 7 ignores them, and
// what names a schema or its draft goes. The error is an ErrSchema.
func Bundle(docs []Document, at string, name func(event string) string) (map[string]any, error) {
	b := bundler{at: at, names: map[string]string{}, anchors: map[string]string{}}
	for _, d := range docs {
		b.names[d.from.at()], b.names[d.ID] = name(d.Event), name(d.Event)
		b.anchored(d.value, name(d.Event), "", 0)
	}
	all := map[string]any{}
	for _, d := range docs {
		b.base, b.deep = d.from.at(), false
		if isAbsolute(d.ID) && !strings.HasPrefix(d.ID, "urn:") {
			b.base = d.ID
		}
		all[name(d.Event)] = b.schema(d.value, 0)
		if b.deep {
			return nil, fmt.Errorf("%s/%s.json: %w: more than %d levels", d.from.provider, d.from.event, ErrSchema, maxNested)
		}
		if b.lost != "" {
			return nil, fmt.Errorf("%s/%s.json: %w: a $ref leads to no schema of an event of this provider", d.from.provider, d.from.event, ErrSchema)
		}
	}
	return all, nil
}

// bundler rewrites schemas.
type bundler struct {
	at      string
	names   map[string]string // of documents, by each of their URLs
	anchors map[string]string // pointers by name of the document, "#" and the anchor
	base    string            // URL of the document at hand
	deep    bool
	lost    string
}

// kindOf says what is under a keyword of JSON Schema (Draft 2020-12, sections 10 and 11,
// and the older names): a schema, a list or a map of them, or no schema.
func kindOf(keyword string) string {
	switch keyword {
	case "items", "additionalItems", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "not", "if", "then", "else", "contains", "propertyNames", "contentSchema":
		return "schema"
	case "allOf", "anyOf", "oneOf", "prefixItems":
		return "list"
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
		return "map"
	}
	return ""
}

// anchored notes where the anchors of a document are.
func (b *bundler) anchored(value any, name, at string, depth int) {
	s, ok := value.(map[string]any)
	if !ok || depth > maxNested {
		return
	}
	if anchor, ok := s["$anchor"].(string); ok {
		b.anchors[name+"#"+anchor] = at
	}
	for keyword, below := range s {
		here := at + "/" + keyword
		switch kindOf(keyword) {
		case "schema":
			b.anchored(below, name, here, depth+1)
		case "list":
			list, _ := below.([]any)
			for i, item := range list {
				b.anchored(item, name, fmt.Sprint(here, "/", i), depth+1)
			}
		case "map":
			members, _ := below.(map[string]any)
			for member, item := range members {
				b.anchored(item, name, here+"/"+escapePointer(member), depth+1)
			}
		}
	}
}

// escapePointer escapes a reference token (RFC 6901, section 3).
func escapePointer(token string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
}

// schema rewrites what stands in the place of a schema.
func (b *bundler) schema(value any, depth int) any {
	s, ok := value.(map[string]any)
	if !ok {
		if list, ok := value.([]any); ok { // items of older drafts
			return b.list(list, depth)
		}
		return value
	}
	if depth > maxNested {
		b.deep = true
		return true
	}
	out := map[string]any{}
	for keyword, below := range s {
		switch kind := kindOf(keyword); {
		case slices.Contains([]string{"$schema", "$id", "$comment", "$anchor", "$ref"}, keyword):
		case kind == "schema":
			out[keyword] = b.schema(below, depth+1)
		case kind == "list":
			list, _ := below.([]any)
			out[keyword] = b.list(list, depth)
		case kind == "map":
			members, _ := below.(map[string]any)
			written := make(map[string]any, len(members))
			for member, item := range members {
				written[member] = b.schema(item, depth+1)
			}
			out[keyword] = written
		default:
			out[keyword] = below
		}
	}
	ref, ok := s["$ref"].(string)
	if !ok {
		return out
	}
	to := map[string]any{"$ref": b.lead(ref)}
	if len(out) == 0 {
		return to
	}
	list, _ := out["allOf"].([]any)
	out["allOf"] = append([]any{to}, list...)
	return out
}

func (b *bundler) list(list []any, depth int) []any {
	written := make([]any, len(list))
	for i, item := range list {
		written[i] = b.schema(item, depth+1)
	}
	return written
}

// lead returns the reference to where ref leads.
func (b *bundler) lead(ref string) string {
	document, fragment, _ := strings.Cut(ref, "#")
	name, ok := b.names[document]
	if !ok {
		base, err := url.Parse(b.base)
		to, toErr := url.Parse(document)
		if err == nil && toErr == nil {
			name, ok = b.names[base.ResolveReference(to).String()]
		}
	}
	pointer, err := url.PathUnescape(fragment)
	if pointer != "" && pointer[0] != '/' {
		at, known := b.anchors[name+"#"+pointer]
		pointer, ok = at, ok && known
	}
	if !ok || err != nil {
		b.lost = ref
	}
	return b.at + name + pointer
}

// EventName is the event of [Event].
const EventName = "event"

// Event returns the schema of what the edge stores, schemas/event/v1.json.
func Event() (Document, error) {
	d := Document{Event: EventName, from: file{provider: EventName, event: "v1"}}
	text, err := fs.ReadFile(schemas.Files(), "event/v1.json")
	if err == nil {
		err = json.Unmarshal(text, &d.value)
	}
	d.from.text = text
	return d, err
}

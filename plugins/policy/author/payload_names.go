package author

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"webhookedge/plugins/internal/schemas"
	"webhookedge/plugins/provider/catalogue"
)

// maxNameDepth bounds how deep names of payloads are known.
const maxNameDepth = 12

type nameTree struct {
	next map[string]*nameTree
	each *nameTree // of the elements of a list
}

func (n *nameTree) member(name string) *nameTree {
	if n.next == nil {
		n.next = map[string]*nameTree{}
	}
	if n.next[name] == nil {
		n.next[name] = &nameTree{}
	}
	return n.next[name]
}

func (n *nameTree) element() *nameTree {
	if n.each == nil {
		n.each = &nameTree{}
	}
	return n.each
}

func (n *nameTree) merge(other *nameTree) {
	for name, inner := range other.next {
		n.member(name).merge(inner)
	}
	if other.each != nil {
		n.element().merge(other.each)
	}
}

func (n *nameTree) names() []string { return slices.Sorted(maps.Keys(n.next)) }

func (n *nameTree) sample(doc any) {
	switch v := doc.(type) {
	case map[string]any:
		for name, inner := range v {
			n.member(name).sample(inner)
		}
	case []any:
		for _, inner := range v {
			n.element().sample(inner)
		}
	}
}

// schema adds the names that a JSON Schema lists. It knows what the schemas of
// this module use: properties, items, anyOf and references to $defs.
func (n *nameTree) schema(doc, at map[string]any, depth int) {
	if depth == 0 {
		return
	}
	if ref, ok := at["$ref"].(string); ok {
		if target, ok := lookUp(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")); ok {
			inner, _ := target.(map[string]any)
			n.schema(doc, inner, depth-1)
		}
	}
	properties, _ := at["properties"].(map[string]any)
	for name, inner := range properties {
		inner, _ := inner.(map[string]any)
		n.member(name).schema(doc, inner, depth-1)
	}
	if items, ok := at["items"].(map[string]any); ok {
		n.element().schema(doc, items, depth-1)
	}
	each, _ := at["anyOf"].([]any)
	for _, inner := range each {
		inner, _ := inner.(map[string]any)
		n.schema(doc, inner, depth-1)
	}
}

// knownEvent is an event of which a schema or a sample tells names.
type knownEvent struct {
	provider, name string
	schema         bool
	tree           *nameTree
}

// knownEvents is made once, and never changed: it reads every schema and sample.
var knownEvents = sync.OnceValue(func() []knownEvent {
	found := map[string]*knownEvent{}
	event := func(providerName, name string) *knownEvent {
		key := providerName + "/" + name
		if found[key] == nil {
			found[key] = &knownEvent{provider: providerName, name: name, tree: &nameTree{}}
		}
		return found[key]
	}
	_ = fs.WalkDir(schemas.Payloads(), ".", func(file string, entry fs.DirEntry, err error) error { // it is in the binary
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(schemas.Payloads(), file)
		if err != nil {
			return err
		}
		var doc map[string]any
		if err := json.Unmarshal(text, &doc); err != nil {
			return err
		}
		e := event(path.Dir(file), strings.TrimSuffix(path.Base(file), ".json"))
		e.schema = true
		e.tree.schema(doc, doc, maxNameDepth)
		return nil
	})
	for _, row := range catalogue.All() {
		for _, name := range catalogue.SampleEvents(row) {
			text, _, _ := catalogue.Sample(row, name)
			var doc any
			if json.Unmarshal(text, &doc) == nil { // a form or XML is none
				event(row.Name, name).tree.sample(doc)
			}
		}
	}
	all := make([]knownEvent, 0, len(found))
	for _, key := range slices.Sorted(maps.Keys(found)) {
		all = append(all, *found[key])
	}
	return all
})

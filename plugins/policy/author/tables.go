package author

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/internal/schemas"
	"webhookedge/plugins/policy/engine"
)

// tables checks the data of the policy against the schemas that annotations
// give to it: "data.webhook.route.routes: schema.policy.route".
func (p *Project) tables() (Findings, error) {
	var found Findings
	annotated := p.annotatedData()
	for _, ref := range slices.Sorted(maps.Keys(annotated)) {
		location := annotated[ref].location
		value, there := lookUp(p.source.Data, location)
		if !there {
			continue // who refers to it is told by the trap unknown-data
		}
		name := annotated[ref].schema
		if _, err := fs.Stat(schemas.Files(), name); err != nil {
			continue // the compiler has said so already
		}
		broken, err := violations(name, value)
		if err != nil {
			return nil, err
		}
		for _, b := range broken {
			whole := slices.Concat(location, b.path)
			found = append(found, p.inTable(whole, at(whole)+": "+b.message+" (schemas/"+name+")"))
		}
	}
	return found, nil
}

// annotation says which schema a place of the data document has.
type annotation struct {
	location []string
	schema   string // its file
}

// annotatedData returns the places of the data that have a schema, by reference.
func (p *Project) annotatedData() map[string]annotation {
	annotated := map[string]annotation{}
	for _, m := range p.source.Modules {
		for _, a := range m.Annotations {
			for _, s := range a.Schemas {
				if s.Definition == nil && len(s.Path) > 1 && s.Path[0].Equal(ast.DefaultRootDocument) {
					annotated[s.Path.String()] = annotation{names(s.Path[1:]), path.Join(names(s.Schema[1:])...) + ".json"}
				}
			}
		}
	}
	return annotated
}

func names(ref ast.Ref) []string {
	all := make([]string, 0, len(ref))
	for _, term := range ref {
		if s, ok := term.Value.(ast.String); ok {
			all = append(all, string(s))
		}
	}
	return all
}

func lookUp(doc any, location []string) (any, bool) {
	for _, name := range location {
		object, ok := doc.(map[string]any)
		if !ok {
			return nil, false
		}
		if doc, ok = object[name]; !ok {
			return nil, false
		}
	}
	return doc, true
}

// whereData finds the file and row of a place of the data, or of the nearest one above.
func (p *Project) whereData(location []string) (file string, row int) {
	for depth := len(location); depth >= 0; depth-- {
		for _, base := range []string{"data.yaml", "data.yml", "data.json"} {
			file := filepath.Join(append([]string{p.Dir}, append(slices.Clone(location[:depth]), base)...)...)
			text, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			return file, engine.RowOf(text, location[depth:])
		}
	}
	return p.Dir, 0
}

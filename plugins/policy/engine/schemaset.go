package engine

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/internal/schemas"
)

const inputSchema = "policy/input.json"

// Schemas returns the schemas for type checks. The one of the input holds for every rule;
// annotations name others by path, such as schema.payload.github.push.
func Schemas() (*ast.SchemaSet, error) {
	set := ast.NewSchemaSet()
	files := schemas.Files()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		var schema any
		if err := json.Unmarshal(text, &schema); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		ref := ast.SchemaRootRef.Copy()
		for segment := range strings.SplitSeq(strings.TrimSuffix(name, ".json"), "/") {
			ref = append(ref, ast.StringTerm(segment))
		}
		set.Put(ref, schema)
		if name == inputSchema {
			set.Put(ast.SchemaRootRef, schema)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("schemas: %w", err)
	}
	return set, nil
}

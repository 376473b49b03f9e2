package policies_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/loader"
)

// opaCheck is `opa check --strict --schema SCHEMAS POLICIES`: OPA takes every file
// below schemas for a schema.
func opaCheck(schemas, policies string) error {
	set, err := loader.Schemas(schemas)
	if err != nil {
		return err
	}
	notRego := func(_ string, info fs.FileInfo, _ int) bool {
		return !info.IsDir() && filepath.Ext(info.Name()) != ".rego"
	}
	read, err := loader.NewFileLoader().WithProcessAnnotation(true).Filtered([]string{policies}, notRego)
	if err != nil {
		return err
	}
	compiler := ast.NewCompiler().WithSchemas(set).WithStrict(true).WithEnablePrintStatements(true).WithUseTypeCheckAnnotations(true)
	if compiler.Compile(read.ParsedModules()); compiler.Failed() {
		return compiler.Errors
	}
	return nil
}

func TestOPACheck_passesWithTheRepositorySchemas(t *testing.T) {
	if err := opaCheck("../schemas", "."); err != nil {
		t.Error(err)
	}
}

// TestSchemas_standAlone names files that are no schema: OPA can read some of them as YAML.
func TestSchemas_standAlone(t *testing.T) {
	err := fs.WalkDir(os.DirFS("../schemas"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(name) != ".json" {
			t.Errorf("schemas/%s is no schema", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOPACheck_failures(t *testing.T) {
	for name, tc := range map[string]struct{ file, text, want string }{
		"a file that is no schema":         {"schemas/schemas.go", "// Package schemas holds: schemas.\npackage schemas\n\nimport \"embed\"\n\n//go:embed event\nvar Files embed.FS\n", "schemas.go"},
		"a name that the input has not":    {"policies/webhook/guard/more.rego", "package webhook.guard\n\ndeny contains \"x\" if input.evnt\n", "evnt"},
		"a payload that has no such field": {"policies/webhook/guard/more.rego", "# METADATA\n# scope: package\n# schemas:\n#   - input.data: schema.payload.github.nothing\npackage webhook.more\n\nx := input.data.ref\n", "undefined schema"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for to, from := range map[string]string{"schemas": "../schemas", "policies": "."} {
				if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(from)); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, tc.file), []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := opaCheck(filepath.Join(dir, "schemas"), filepath.Join(dir, "policies")); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

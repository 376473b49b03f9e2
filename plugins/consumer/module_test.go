package consumer_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// block is the README's block of code in a language that holds a text.
func block(t *testing.T, language, holding string) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(m[1], holding) {
			return m[1]
		}
	}
	t.Fatalf("the README has no %s with %q", language, holding)
	return ""
}

// TestModule_buildsAService builds the README's service in a module of its own, by the
// README's commands and without a network.
func TestModule_buildsAService(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		// `go mod tidy` needs a network. The requirements of this module are a superset of
		// what it would find, and every machine that runs this test has them.
		"go.mod": strings.Replace(string(mod), "module webhookedge\n", "module billing\n", 1), "go.sum": string(sum), "main.go": block(t, "go", "package main"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GONOSUMDB=*", "GOWORK=off", "GOTOOLCHAIN=local")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	edit, _, _ := strings.Cut(block(t, "sh", "go mod edit"), "\n")
	const checkout = "../webhook-edge"
	if !strings.Contains(edit, "="+checkout) {
		t.Fatalf("%q does not name %s", edit, checkout)
	}
	run(strings.Fields(strings.Replace(edit, checkout, root, 1))[1:]...)
	run("vet", ".")
	run("build", "-o", filepath.Join(dir, "billing"), ".")
}

// TestModule_exportsNoInternalTypes looks at what a service can name: a type of an
// internal package is one that it cannot.
func TestModule_exportsNoInternalTypes(t *testing.T) {
	for _, dir := range []string{".", "../event", "../streams/deadletter", "../streams/replay"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", dir, len(files), err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			hidden := internalNames(t, file)
			ast.FileExports(file) // leaves what is exported, without bodies and unexported fields
			ast.Inspect(file, func(n ast.Node) bool {
				if f, ok := n.(*ast.FuncDecl); ok {
					f.Body = nil
				}
				if s, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := s.X.(*ast.Ident); ok && slices.Contains(hidden, x.Name) {
						t.Errorf("%s exports %s.%s", name, x.Name, s.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

// internalNames are the names by which a file knows internal packages of this module.
func internalNames(t *testing.T, file *ast.File) []string {
	t.Helper()
	var names []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case !strings.Contains(imported, "/internal/"):
		case spec.Name != nil:
			names = append(names, spec.Name.Name)
		default:
			names = append(names, path.Base(imported))
		}
	}
	return names
}

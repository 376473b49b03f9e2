package plugins_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeys_areNotJoinedByNUL finds texts that are put together with a NUL between
// them. Whatever stands in such a key can hold one itself, and two keys become
// one: a struct, quotes or lengths keep them apart.
func TestKeys_areNotJoinedByNUL(t *testing.T) {
	for _, tree := range []string{".", filepath.Join("..", "kong"), filepath.Join("..", "schemas")} {
		err := filepath.WalkDir(tree, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				for _, operand := range joined(n) {
					if text, ok := operand.(*ast.BasicLit); ok && text.Kind == token.STRING && strings.Contains(text.Value, `\x00`) {
						t.Errorf("%s: a NUL joins texts", files.Position(text.Pos()))
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// joined are the texts that n puts together.
func joined(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.ADD {
			return []ast.Expr{n.X, n.Y}
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "Join" || f.Sel.Name == "WriteString" || f.Sel.Name == "Sprintf") {
			return n.Args
		}
	}
	return nil
}

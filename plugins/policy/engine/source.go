package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// The bounds of a directory, so that a wrong path such as / is not read for minutes.
const (
	maxFiles = 10_000
	maxBytes = 64 << 20
)

// What can be wrong with a source, before it is compiled.
var (
	ErrSource = errors.New("policy cannot be read")
	ErrEmpty  = errors.New("no policy there")
)

// Source is what a policy is compiled from.
type Source struct {
	// Modules are the parsed Rego files by their path, with annotations.
	Modules map[string]*ast.Module
	// Data is the data document.
	Data map[string]any
	// System are the texts of files in the package system, by path: OPA asks them what to mask
	// and drop in its decision logs. They are no part of the policy.
	System map[string]string
	// Dir stands before the path of a module in messages.
	Dir string
}

// ReadDir reads the policy in dir: every *.rego but tests, and data.json,
// data.yaml or data.yml, whose contents stand in the data document under the
// path of their directory, as in a bundle. Directories named testdata and names
// that begin with a dot are left out. The error joins every fault, those of Rego
// as file:line: message.
func ReadDir(dir string) (*Source, error) {
	return read(os.DirFS(dir), dir, func(name string) bool { return !strings.HasSuffix(name, "_test.rego") })
}

// ReadTests reads dir as ReadDir does, tests included.
func ReadTests(dir string) (*Source, error) {
	return read(os.DirFS(dir), dir, func(string) bool { return true })
}

func read(fsys fs.FS, dir string, wanted func(name string) bool) (*Source, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSource, err)
	}
	s := &Source{Modules: map[string]*ast.Module{}, System: map[string]string{}, Data: map[string]any{}, Dir: dir}
	var faults []error
	files, size := 0, 0
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipped(name)
		}
		if base := entry.Name(); !isPolicyFile(base) || !wanted(base) {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		files, size = files+1, size+len(text)
		if files > maxFiles || size > maxBytes {
			return fmt.Errorf("more than %d files or %d bytes", maxFiles, maxBytes)
		}
		if err := s.add(name, text); err != nil {
			faults = append(faults, err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSource, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if len(s.Modules) == 0 {
		return nil, fmt.Errorf("%w: %s holds no .rego file", ErrEmpty, dir)
	}
	return s, nil
}

// skipped leaves folders out that hold no policies.
func skipped(dir string) error {
	if base := path.Base(dir); dir != "." && (base[0] == '.' || base == "testdata") {
		return fs.SkipDir
	}
	return nil
}

func isPolicyFile(base string) bool {
	return base[0] != '.' && (strings.HasSuffix(base, ".rego") || isData(base))
}

func isData(base string) bool {
	return base == "data.json" || base == "data.yaml" || base == "data.yml"
}

func (s *Source) add(name string, text []byte) error {
	shown := path.Join(s.Dir, name)
	if !isData(path.Base(name)) {
		module, err := ParseModule(shown, text)
		if err != nil {
			return err
		}
		s.AddModule(shown, module, string(text))
		return nil
	}
	doc, err := parseData(shown, text)
	if err != nil {
		return err
	}
	at := s.Data
	if dir := path.Dir(name); dir != "." {
		for segment := range strings.SplitSeq(dir, "/") {
			next, ok := at[segment].(map[string]any)
			if !ok {
				if at[segment] != nil {
					return &DataFault{shown, 1, fmt.Sprintf("%q is both a value and a directory", segment)}
				}
				next = map[string]any{}
				at[segment] = next
			}
			at = next
		}
	}
	if place := merge(at, doc); place != nil {
		return &DataFault{shown, max(1, RowOf(text, place)), fmt.Sprintf("%q is set by another file too", place[len(place)-1])}
	}
	return nil
}

// AddModule takes a parsed file where it belongs, in Modules or in System.
func (s *Source) AddModule(name string, m *ast.Module, text string) {
	if len(m.Package.Path) > 1 && m.Package.Path[1].Equal(ast.StringTerm("system")) {
		s.System[name] = text
		return
	}
	s.Modules[name] = m
}

// merge puts doc into at, up to a value that another file has set, whose place it returns.
func merge(at, doc map[string]any) []string {
	for key, value := range doc {
		old, there := at[key]
		if !there {
			at[key] = value
			continue
		}
		oldObject, ok1 := old.(map[string]any)
		newObject, ok2 := value.(map[string]any)
		if !ok1 || !ok2 {
			return []string{key}
		}
		if place := merge(oldObject, newObject); place != nil {
			return append([]string{key}, place...)
		}
	}
	return nil
}

// ParseModule parses one Rego v1 file with its annotations. Errors are Faults.
func ParseModule(file string, text []byte) (*ast.Module, error) {
	m, err := ast.ParseModuleWithOpts(file, string(text), parserOptions())
	if err != nil {
		return nil, explain(err)
	}
	return m, nil
}

func parserOptions() ast.ParserOptions {
	return ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: Capabilities()}
}

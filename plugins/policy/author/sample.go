package author

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"

	"webhookedge/plugins/policy/engine"
)

// A sample is a directory <package path>/testdata/<case> with
//
//	input.json  what the policy is asked, as schemas/policy/input.json has it
//	want.json   the whole decision of the package
//	data.yaml   tables that stand in for those beside the policy; optional
//
// Samples are documents as much as tests: they show what goes in and comes out.
const (
	sampleInput = "input.json"
	sampleWant  = "want.json"
	sampleData  = "data.yaml"
)

func (p *Project) samples(ctx context.Context) ([]Result, error) {
	dirs, err := p.sampleDirs()
	if err != nil {
		return nil, err
	}
	results := make([]Result, 0, len(dirs))
	for _, dir := range dirs {
		start := time.Now()
		r := Result{Name: dir, File: filepath.Join(dir, sampleWant), Row: 1}
		r.Why, err = p.sample(ctx, dir)
		if err != nil {
			r.Why = err.Error()
		}
		r.Passed, r.Took = r.Why == "", time.Since(start)
		results = append(results, r)
	}
	return results, ctx.Err()
}

func (p *Project) sampleDirs() ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(rooted(p.Dir), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && entry.Name() == sampleInput && filepath.Base(filepath.Dir(filepath.Dir(path))) == "testdata" {
			dirs = append(dirs, filepath.Dir(path))
		}
		return err
	})
	slices.Sort(dirs)
	return dirs, err
}

// sample returns the difference between what a sample wants and gets.
func (p *Project) sample(ctx context.Context, dir string) (difference string, err error) {
	input, want, data, err := readSample(dir)
	if err != nil {
		return "", err
	}
	if err := errors.Join(follows("policy/input.json", input), follows("policy/decision.json", want)); err != nil {
		return "", err
	}
	rel, err := filepath.Rel(p.Dir, filepath.Dir(filepath.Dir(dir)))
	if err != nil {
		return "", err
	}
	path := strings.Split(filepath.ToSlash(rel), "/")
	document, err := ast.InterfaceToValue(input)
	if err != nil {
		return "", err
	}
	got, err := p.decide(ctx, path, document, data)
	if err != nil {
		return "", err
	}
	if _, err := engine.ParseDecision(got); err != nil {
		return "", err
	}
	decided, err := ast.JSON(got)
	if err != nil {
		return "", err
	}
	if diff := cmp.Diff(want, decided); diff != "" {
		return "the decision is another (-want +got):\n" + strings.TrimSpace(diff), nil
	}
	return "", nil
}

func readSample(dir string) (input, want any, data map[string]any, err error) {
	read := func(name string, into any) error {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if err := util.Unmarshal(text, into); err != nil {
			return fmt.Errorf("%s is neither JSON nor YAML: %w", name, err)
		}
		return nil
	}
	err = errors.Join(read(sampleInput, &input), read(sampleWant, &want))
	if dataErr := read(sampleData, &data); !errors.Is(dataErr, fs.ErrNotExist) {
		err = errors.Join(err, dataErr)
	}
	return input, want, data, err
}

// decide evaluates the decision of the package at path, with data laid over its own.
func (p *Project) decide(ctx context.Context, path []string, input ast.Value, data map[string]any) (ast.Value, error) {
	query := ast.Ref{ast.DefaultRootDocument}
	for _, name := range path {
		query = append(query, ast.StringTerm(name))
	}
	query = append(query, ast.StringTerm("decision"))
	prepared, err := rego.New(rego.ParsedQuery(ast.NewBody(ast.NewExpr(ast.NewTerm(query)))), rego.Compiler(p.compiler),
		rego.Store(inmem.NewFromObject(overlay(p.source.Data, path, data)))).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	results, err := prepared.Eval(ctx, rego.EvalParsedInput(input))
	if err != nil {
		return nil, err
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return nil, fmt.Errorf("%w: %v", engine.ErrUndefined, query)
	}
	return ast.InterfaceToValue(results[0].Expressions[0].Value)
}

// overlay is a copy of all with data laid over what stands at path.
func overlay(all map[string]any, path []string, data map[string]any) map[string]any {
	top := maps.Clone(all)
	if top == nil {
		top = map[string]any{}
	}
	if len(path) == 0 {
		maps.Copy(top, data)
		return top
	}
	below, _ := top[path[0]].(map[string]any)
	top[path[0]] = overlay(below, path[1:], data)
	return top
}

// plain returns v as encoding/json would decode it, so that values compare.
func plain(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out any
	err = util.UnmarshalJSON(text, &out)
	return out, err
}

package author

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/policy/engine"
)

// ErrFaults is a directory that has findings which are errors.
var ErrFaults = errors.New("the policy has errors")

// Project is a directory of policies with its tests, compiled.
type Project struct {
	Dir     string
	Options engine.Options
	// Streams are the subjects of each stream, for the trap no-stream; nil turns it off.
	Streams map[string][]string

	source   *engine.Source // with tests
	compiler *ast.Compiler
	policy   *engine.Policy // without tests, as the edge has it

	entry     ast.Ref   // the decision that the edge asks for
	decisions []ast.Ref // what it is about: entry, or where that is not there all decisions that are
}

// Open reads and compiles dir. Where that fails the project is nil, and the findings say why.
// Without a decision in the options, and without the usual one in dir, the project is about
// the decisions that are there; the findings then warn that the edge would not find them.
func Open(dir string, o engine.Options) (*Project, Findings) {
	p := &Project{Dir: dir, Options: o}
	var err error
	if p.source, err = engine.ReadTests(dir); err != nil {
		return nil, explain(err, dir).sorted()
	}
	if p.compiler, err = p.compile(); err != nil {
		return nil, explain(err, dir).sorted()
	}
	if p.entry, err = o.Entry(); err != nil {
		return nil, explain(err, dir).sorted()
	}
	found := p.chooseDecision()
	live := &engine.Source{Modules: p.modules(), System: p.source.System, Data: p.source.Data, Dir: dir}
	if p.policy, err = engine.Compile(live, p.Options); err != nil {
		return nil, explain(err, dir).sorted()
	}
	return p, found
}

func (p *Project) chooseDecision() Findings {
	p.decisions = []ast.Ref{p.entry}
	if p.Options.Decision != "" || len(p.compiler.GetRulesExact(p.entry)) > 0 {
		return nil
	}
	others := p.otherDecisions()
	if len(others) == 0 {
		return nil // the engine says what is missing
	}
	p.decisions = others
	paths := make([]string, len(others))
	for i, ref := range others {
		paths[i] = strings.Join(names(ref[1:]), "/")
	}
	p.Options.Decision = paths[0]
	return Findings{{
		File: p.Dir, Code: "no-decision", Warning: true,
		Message: fmt.Sprintf("%s is not here, which the edge asks for unless the setting decision names another: %s", engine.DefaultDecision, strings.Join(paths, ", ")),
	}}
}

// otherDecisions are the rules named decision, in the order of their packages.
func (p *Project) otherDecisions() []ast.Ref {
	found := map[string]ast.Ref{}
	for _, m := range p.modules() {
		for _, rule := range m.Rules {
			if ref := m.Package.Path.Extend(rule.Head.Ref()); rule.Head.Ref().Equal(ast.Ref{ast.VarTerm("decision")}) {
				found[ref.String()] = ref
			}
		}
	}
	refs := make([]ast.Ref, 0, len(found))
	for _, name := range slices.Sorted(maps.Keys(found)) {
		refs = append(refs, found[name])
	}
	return refs
}

// compile compiles all modules, and returns every fault instead of the first ten.
func (p *Project) compile() (*ast.Compiler, error) {
	c, err := engine.NewCompiler(p.Options)
	if err != nil {
		return nil, err
	}
	c.SetErrorLimit(0)
	if c.Compile(engine.Copies(p.source.Modules)); c.Failed() {
		return nil, engine.FaultsOf(c.Errors)
	}
	return c, nil
}

// modules are those of the policy itself, without tests.
func (p *Project) modules() map[string]*ast.Module {
	all := maps.Clone(p.source.Modules)
	maps.DeleteFunc(all, func(file string, _ *ast.Module) bool { return isTest(file) })
	return all
}

func isTest(file string) bool { return strings.HasSuffix(file, "_test.rego") }

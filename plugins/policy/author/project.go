package author

import (
	"errors"
	"maps"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/policy/engine"
)

// ErrFaults is a directory that cannot be used because of what Findings say of
// it.
var ErrFaults = errors.New("the policy has faults")

// Project is a directory of policies with its tests, compiled.
type Project struct {
	Dir     string
	Options engine.Options
	// Streams are the subjects that each stream takes, for the trap no-stream;
	// without any it is not looked for.
	Streams map[string][]string

	source   *engine.Source // with tests
	compiler *ast.Compiler
	policy   *engine.Policy // without tests, as the edge has it; nil where it has no decision
}

// Open reads and compiles dir. Where that is not possible the findings say why,
// and the project is nil.
func Open(dir string, o engine.Options) (*Project, Findings) {
	p := &Project{Dir: dir, Options: o}
	var err error
	if p.source, err = engine.ReadTests(dir); err != nil {
		return nil, explain(err, dir).sorted()
	}
	if p.compiler, err = p.compile(nil); err != nil {
		return nil, explain(err, dir).sorted()
	}
	live := &engine.Source{Modules: p.modules(), System: p.source.System, Data: p.source.Data, Dir: dir}
	if p.policy, err = engine.Compile(live, o); err != nil {
		return nil, explain(err, dir).sorted()
	}
	return p, nil
}

// Policy is the policy as the edge would load it.
func (p *Project) Policy() *engine.Policy { return p.policy }

// compile compiles all modules, and more that stand beside them, with every
// fault told instead of the first ten.
func (p *Project) compile(more map[string]*ast.Module) (*ast.Compiler, error) {
	c, err := engine.NewCompiler(p.Options)
	if err != nil {
		return nil, err
	}
	modules := make(map[string]*ast.Module, len(p.source.Modules)+len(more))
	for name, m := range p.source.Modules {
		modules[name] = m.Copy() // the compiler changes them in place
	}
	maps.Copy(modules, more)
	c.SetErrorLimit(0)
	if c.Compile(modules); c.Failed() {
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

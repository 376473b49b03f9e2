package engine

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
)

// DefaultDecision is the rule that the library in policies/ decides with.
const DefaultDecision = "webhook/main/decision"

// DefaultMaxInput is the largest payload, in bytes, that a policy is shown.
const DefaultMaxInput = 1 << 20

// ErrNoDecision is a policy without the rule that should decide.
var ErrNoDecision = errors.New("policy has no such rule")

var decisionPath = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*$`)

// Options say how a policy is compiled and asked. The zero value is usable.
type Options struct {
	// Decision is the path of the deciding rule, with slashes; "" is DefaultDecision.
	Decision string
	// Headers are the request headers that the policy sees, in lower case.
	Headers []string
	// Builtins are functions of SwitchedOff that the policy may use all the same.
	Builtins []string
	// MaxInput bounds the bytes of a payload that the policy sees; 0 is DefaultMaxInput.
	MaxInput int
	// WholeInput turns the selection of what is read off.
	WholeInput bool
}

// Path is the path of the rule that decides, with slashes.
func (o Options) Path() string {
	return cmp.Or(o.Decision, DefaultDecision)
}

// Entry is the rule that decides. The error is that of a decision that is no path.
func (o Options) Entry() (ast.Ref, error) {
	path := o.Path()
	if !decisionPath.MatchString(path) {
		return nil, fmt.Errorf("%w: %q is not a path like %s", ErrNoDecision, path, DefaultDecision)
	}
	ref := ast.Ref{ast.DefaultRootDocument}
	for name := range strings.SplitSeq(path, "/") {
		ref = append(ref, ast.StringTerm(name))
	}
	return ref, nil
}

// Policy is a compiled policy with its data.
type Policy struct {
	compiler *ast.Compiler
	store    storage.Store
	txn      storage.Transaction // a read of a store that nobody writes, so that one serves for ever
	entry    ast.Ref
	query    ast.Body
	reads    []Read
	input    *inputPlan
	names    *ruleNames
	data     map[string]any
	memory   *memory // nil where nothing can be remembered
	keys     keys
}

// Compile checks s, strictly and against the schemas, and prepares its
// decision. Faults of the Rego are of type Faults.
func Compile(s *Source, o Options) (*Policy, error) {
	entry, err := o.Entry()
	if err != nil {
		return nil, err
	}
	if err := CheckSystem(s.System, o); err != nil {
		return nil, err
	}
	compiler, err := NewCompiler(o)
	if err != nil {
		return nil, err
	}
	modules := Copies(s.Modules)
	names, err := nameRules(modules, entry)
	if err != nil {
		return nil, err
	}
	compiler.Compile(modules)
	if compiler.Failed() {
		return nil, FaultsOf(compiler.Errors)
	}
	if len(compiler.GetRulesExact(entry)) == 0 {
		return nil, fmt.Errorf("%w: %v; the setting decision names the rule that decides", ErrNoDecision, entry)
	}
	p, err := prepare(compiler, s.Data, entry, o)
	if err != nil {
		return nil, err
	}
	p.names = names
	return p, nil
}

// Copies returns modules to compile: a compiler changes them in place.
func Copies(modules map[string]*ast.Module) map[string]*ast.Module {
	copies := make(map[string]*ast.Module, len(modules))
	for name, m := range modules {
		copies[name] = m.Copy()
	}
	return copies
}

// CheckSystem compiles the files of Source.System, whose input has no schema.
func CheckSystem(texts map[string]string, o Options) error {
	modules := make(map[string]*ast.Module, len(texts))
	for name, text := range texts {
		m, err := ParseModule(name, []byte(text))
		if err != nil {
			return err
		}
		modules[name] = m
	}
	c := ast.NewCompiler().WithCapabilities(Capabilities(o.Builtins...)).WithStrict(true)
	if c.Compile(modules); c.Failed() {
		return FaultsOf(c.Errors)
	}
	return nil
}

// NewCompiler returns a compiler with the rules that hold for every policy, for tools.
func NewCompiler(o Options) (*ast.Compiler, error) {
	schemas, err := Schemas()
	if err != nil {
		return nil, err
	}
	return ast.NewCompiler().WithCapabilities(Capabilities(o.Builtins...)).WithSchemas(schemas).
		WithUseTypeCheckAnnotations(true).WithStrict(true), nil
}
